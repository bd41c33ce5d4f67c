import type { Ledger } from '../../../operations/ledger.ts';
import type { RunRow } from '../../../operations/runs.ts';
import type { Language } from '../../../words/dictionary.ts';
import { type Html, html } from '../../../words/html.ts';
import { numberText } from '../../page/time-text.ts';
import { ledgerPicture, swatch } from './ledger-picture.ts';
import { outcomeMeaning, outcomeWord, type RunWords } from './words.ts';

/** Where every fetched record is: a picture, the sum written out, and a line for each outcome. */
export function ledgerView(ledger: Ledger, run: RunRow, say: RunWords, language: Language): Html {
  const { fetched, outcomes, deleted } = ledger;
  const there = outcomes.filter(({ records }) => records > 0);
  const isEmpty = fetched === 0 && there.length === 0;
  return html`
<section id="ledger" data-live class="card">
<h2>${say.ledger}</h2>
${isEmpty ? html`<p>${say.ledgerNone}</p>` : html`${sum(ledger, say, language)}${outcomeTable(ledger, say, language)}`}
${deleted > 0 && html`<p>${say.deleted(deleted)}</p>`}
${run.missed > 0 && html`<p>${say.missed(run.missed)}</p>`}
${run.absent !== null && run.absent > 0 && html`<p>${say.absent(run.absent)}</p>`}
</section>`;
}

/** `75 = 70 new + 5 waiting`, and whether that is so. */
function sum(ledger: Ledger, say: RunWords, language: Language): Html {
  const { fetched, outcomes, balanced } = ledger;
  const number = (value: number) => numberText(value, language);
  const there = outcomes.filter(({ records }) => records > 0);
  const parts = there.map(({ outcome, records }) => `${number(records)} ${outcomeWord(outcome, say)}`);
  const missing = fetched - there.reduce((total, { records }) => total + records, 0);
  return html`${ledgerPicture(ledger, `${say.ledgerOf(fetched)}: ${parts.join(', ')}`)}
<p class="equation"><strong>${number(fetched)}</strong> ${balanced ? '=' : '≠'} ${parts.join(' + ') || '0'}</p>
${balanced ? html`<p class="balance">✓ ${say.balances}</p>` : html`<p class="notice bad">✗ ${say.offBalance(number(missing))}</p>`}`;
}

function outcomeTable({ outcomes, fetched }: Ledger, say: RunWords, language: Language): Html {
  const share = (records: number) =>
    numberText(records / Math.max(1, fetched), language, { style: 'percent', maximumFractionDigits: 1 });
  const count = (records: number) => (records > 0 ? numberText(records, language) : html`<span class="zero">0</span>`);
  return html`
<div class="scroll" role="region" aria-label="${say.ledger}" tabindex="0">
<table class="outcomes">
<thead><tr><th scope="col">${say.outcome}</th><th scope="col" class="number">${say.records}</th><th scope="col" class="number">${say.share}</th><th scope="col">${say.meaning}</th></tr></thead>
<tbody>${outcomes.map(
    ({ outcome, records }) => html`
<tr><th scope="row">${swatch(outcome)} ${outcomeWord(outcome, say)}</th><td class="number">${count(records)}</td><td class="number">${records > 0 && share(records)}</td><td class="quiet-text">${outcomeMeaning(outcome, say)}</td></tr>`,
  )}
</tbody></table></div>`;
}
