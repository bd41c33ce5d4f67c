import type { VendorBudget } from '../../../operations/budgets.ts';
import { type Html, html } from '../../../words/html.ts';
import { numberText } from '../../page/time-text.ts';
import type { Drawing } from './words.ts';

/** How much of what the vendor allows has been asked for in the last minute. */
export function budgetMeters(budgets: readonly VendorBudget[], { say, language }: Drawing): Html {
  const meters = budgets.map(({ rate_class, allowed_per_minute: allowed, last_minute: used }) => {
    const text = say.used(numberText(used, language), numberText(allowed, language, { maximumFractionDigits: 0 }));
    return html`<dd><meter min="0" max="${allowed}" value="${Math.min(used, allowed)}" aria-label="${say.ofClass(rate_class)}: ${text}"></meter> ${rate_class} ${text}</dd>`;
  });
  return html`<div><dt>${say.budget}</dt>${meters}</div>`;
}
