import { type Html, html } from '../../../words/html.ts';
import type { OverviewWords } from './words.ts';

/** What a button has done, carried to the page it leads to. */
export const SAID = {
  run: 'saidRun',
  paused: 'saidPaused',
  resumed: 'saidResumed',
  'is-paused': 'saidIsPaused',
  partly: 'saidPartly',
  same: 'saidSame',
} as const;
export type Said = keyof typeof SAID;

export function saidNotice(said: string | undefined, say: OverviewWords): Html | false {
  if (!isSaid(said)) return false;
  const tone = said === 'is-paused' || said === 'partly' ? 'warn' : 'good';
  return html`<p class="notice ${tone}" role="status">${say[SAID[said]]}</p>`;
}

function isSaid(text: string | undefined): text is Said {
  return text !== undefined && Object.hasOwn(SAID, text);
}
