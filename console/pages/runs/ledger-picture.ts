import type { Ledger } from '../../../operations/ledger.ts';
import { type Html, html } from '../../../words/html.ts';

const WIDTH = 1000;
/** What is there shall be seen, however little it is. */
const LEAST = 6;

/** The ledger as one bar: every fetched record is in one of its parts. A table or sentence beside it says the same. */
export function ledgerPicture({ outcomes }: Pick<Ledger, 'outcomes'>, label?: string): Html | false {
  const there = outcomes.filter(({ records }) => records > 0);
  const sum = there.reduce((total, { records }) => total + records, 0);
  if (sum === 0) return false;
  const widths = there.map(({ records }) => Math.max(LEAST, (records / sum) * WIDTH));
  const total = widths.reduce((all, width) => all + width, 0);
  let x = 0;
  const parts = there.map(({ outcome }, n) => {
    const width = ((widths[n] ?? 0) / total) * WIDTH;
    const part = html`<rect class="${outcome}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10"></rect>`;
    x += width;
    return part;
  });
  const name = label === undefined ? html`aria-hidden="true"` : html`role="img" aria-label="${label}"`;
  return html`<svg class="ledger" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" ${name}>${parts}</svg>`;
}

/** The colour of one outcome, for the words beside the picture. */
export function swatch(outcome: string): Html {
  return html`<svg class="swatch ledger" viewBox="0 0 10 10" aria-hidden="true"><rect class="${outcome}" width="10" height="10" rx="2"></rect></svg>`;
}
