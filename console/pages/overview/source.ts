import type { Light } from '../../../health/judge-target.ts';
import { commonWords, span } from '../../../words/common.ts';
import { sourceWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { lightElement } from '../../page/light.ts';
import { idOf, pathTo } from '../../page/path-to.ts';
import type { Visit } from '../../page/visit.ts';
import { accountView, worstOf } from './account.ts';
import type { OverviewData, ShownAccount } from './read.ts';
import type { Drawing } from './words.ts';

type ShownSource = OverviewData['sources'][number];

/** The worst first. */
const ORDER: readonly Light[] = ['red', 'amber', 'grey', 'green'];
/** Of more accounts than these, those that are well take one line together. */
const MANY = 12;

export function sourceView(
  { source, title, light, accounts }: ShownSource,
  open: ReadonlySet<ShownAccount>,
  drawing: Drawing,
  visit: Visit,
): Html {
  const { say, language } = drawing;
  const isFolded = (account: ShownAccount) =>
    accounts.length > MANY && account.light === 'green' && account.paused === null;
  const folded = accounts.filter(isFolded);
  const single = accounts.filter((account) => !isFolded(account));
  single.sort((a, b) => ORDER.indexOf(a.light) - ORDER.indexOf(b.light));
  return html`
<section id="${idOf('source', source)}" aria-labelledby="${idOf('source', source, 'title')}" data-live>
<h2 id="${idOf('source', source, 'title')}">${sourceWord(title, language)} ${lightElement(light, language)} <small>${say.accounts(accounts.length)}</small></h2>
${single.map((account) => accountView(source, account, { open: open.has(account), drawing, visit }))}
${folded.length > 0 && foldedView(source, folded, drawing)}
</section>`;
}

/** Each leads to a page of its own. */
function foldedView(source: string, accounts: readonly ShownAccount[], { say, language, now }: Drawing): Html {
  const common = commonWords(language);
  const readAt = (account: ShownAccount) => worstOf(account)?.last_read_at;
  const age = (at: Date | null | undefined) => (at ? common.ago(span(+now - +at, common)) : '');
  return html`
<details class="account" id="${idOf('well', source)}"><summary>${lightElement('green', language)} <strong>${say.wellAccounts(accounts.length)}</strong></summary>
<ul class="many">${accounts.map((each) => html`<li><a href="${pathTo('/', { source, account: each.account })}">${each.account}</a> <span class="quiet-text">${age(readAt(each))}</span></li>`)}</ul>
</details>`;
}
