import type { Ledger } from '../../../operations/ledger.ts';
import type { RunRow } from '../../../operations/runs.ts';
import type { Language } from '../../../words/dictionary.ts';
import { type Html, html } from '../../page/html.ts';
import { numberText } from '../../page/time-text.ts';
import { ledgerPicture, swatch } from './ledger-picture.ts';
import { outcomeMeaning, outcomeWord, type RunWords } from './words.ts';

/** Where every fetched record is: a picture, the sum written out, and a line for each outcome. */
export function ledgerView(ledger: Ledger, run: RunRow, say: RunWords, language: Language): Html {
  const { fetched, outcomes, balanced, deleted } = ledger;
  const number = (value: number) => numberText(value, language);
  const there = outcomes.filter(({ records }) => records > 0);
  const label = `${say.ledgerOf(fetched)}: ${there.map(({ outcome, records }) => `${number(records)} ${outcomeWord(outcome, say)}`).join(', ')}`;
  return html`
<section id="ledger" data-live aria-labelledby="ledger-title" class="card">
<h2 id="ledger-title">${say.ledger}</h2>
${
  fetched === 0 && there.length === 0
    ? html`<p>${say.ledgerNone}</p>`
    : html`${ledgerPicture(ledger, label)}
<p class="sum-line"><strong>${number(fetched)}</strong> = ${outcomes.map(({ outcome, records }, n) => html`${n > 0 && ' + '}${records > 0 ? html`<strong>${number(records)}</strong>` : '0'} ${outcomeWord(outcome, say)}`)}</p>`
}
${verdict(ledger, say, language)}
${there.length > 0 && outcomeTable(ledger, say, language)}
${deleted > 0 && html`<p>${say.deleted(deleted)}</p>`}
${run.missed > 0 && html`<p>${say.missed(run.missed)}</p>`}
${run.absent !== null && run.absent > 0 && html`<p>${say.absent(run.absent)}</p>`}
</section>`;

  function verdict({ outcomes: all }: Ledger, words: RunWords, inLanguage: Language): Html {
    if (balanced) return html`<p class="balance good">✓ ${words.balances}</p>`;
    const sum = all.reduce((total, { records }) => total + records, 0);
    return html`<p class="notice bad" role="alert">✗ ${words.offBalance(numberText(fetched - sum, inLanguage))}</p>`;
  }
}

function outcomeTable({ outcomes, fetched }: Ledger, say: RunWords, language: Language): Html {
  const share = (records: number) =>
    numberText(records / Math.max(1, fetched), language, { style: 'percent', maximumFractionDigits: 1 });
  return html`
<div class="scroll" role="region" aria-label="${say.ledger}" tabindex="0">
<table>
<thead><tr><th scope="col">${say.outcome}</th><th scope="col" class="number">${say.records}</th><th scope="col" class="number">${say.share}</th><th scope="col">${say.meaning}</th></tr></thead>
<tbody>${outcomes.map(
    ({ outcome, records }) => html`
<tr><th scope="row">${swatch(outcome)} ${outcomeWord(outcome, say)}</th><td class="number">${records > 0 ? numberText(records, language) : html`<span class="zero">0</span>`}</td><td class="number">${share(records)}</td><td class="quiet-text">${outcomeMeaning(outcome, say)}</td></tr>`,
  )}
</tbody></table></div>`;
}
