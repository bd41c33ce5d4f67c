import { sourceWord } from '../../../words/entities.ts';
import { html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { pathTo } from '../../page/path-to.ts';
import type { Visit } from '../../page/visit.ts';
import { chartsView } from './charts.ts';
import { going } from './going.ts';
import type { OverviewData, OverviewQuery } from './read.ts';
import { saidNotice } from './said.ts';
import { sourceView } from './source.ts';
import { summary } from './summary.ts';
import { tiles } from './tiles.ts';
import { type Drawing, overviewWords } from './words.ts';

/** So many accounts are shown open: those that somebody should look at, the worst first, or all when there are no more. */
const MOST_OPEN = 4;

export function overviewView(
  data: OverviewData,
  query: OverviewQuery & { said?: string | undefined },
  visit: Visit,
): PageView {
  const { language } = visit;
  const say = overviewWords(language);
  const drawing: Drawing = { say, language, now: data.at };
  const accounts = data.sources.flatMap((each) => each.accounts);
  const worst = ['red', 'amber'].flatMap((light) => accounts.filter((account) => account.light === light));
  const open = new Set(accounts.length <= MOST_OPEN ? accounts : worst.slice(0, MOST_OPEN));
  const body = html`
${saidNotice(query.said, say)}
${filterNotice(query, data, drawing)}
${summary(data, drawing)}
${tiles(data, query, drawing)}
${going(data, drawing)}
${data.sources.map((source) => sourceView(source, open, drawing, visit))}
${chartsView(data, query, drawing, zoneOf(accounts))}`;
  return { title: say.title, body };
}

function filterNotice({ source, account, range }: OverviewQuery, data: OverviewData, { say, language }: Drawing) {
  const title = data.sources.find((each) => each.source === source)?.title;
  const what = [title ? sourceWord(title, language) : source, account].filter(Boolean).join(' / ');
  return what !== '' && html`<p>${say.only(what)} <a href="${pathTo('/', { range })}">${say.showAll}</a></p>`;
}

/** Charts of several accounts are in the zone of most of them. */
function zoneOf(accounts: readonly { timezone: string }[]): string {
  const zones = Map.groupBy(accounts, ({ timezone }) => timezone);
  return [...zones].sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? 'UTC';
}
