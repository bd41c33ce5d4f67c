import { reportArticle } from '../../../reports/render-html.ts';
import type { ToldReport } from '../../../reports/tell-report.ts';
import { LANGUAGES } from '../../../words/dictionary.ts';
import { type Html, html } from '../../../words/html.ts';
import type { PageView } from '../../page/add-page.ts';
import { pathTo } from '../../page/path-to.ts';
import type { Visit } from '../../page/visit.ts';
import type { ReportsPage } from './read.ts';
import { reportsWords } from './words.ts';

const LANGUAGE_NAMES = { en: 'English', ru: 'Русский' };
const DAY_MS = 24 * 3600 * 1000;

export function reportsView(data: ReportsPage, visit: Visit): PageView {
  const say = reportsWords(visit.language);
  const { report, targets } = data;
  const body = html`
${targets.length > 0 && chooser(data, visit)}
${
  report
    ? html`${tools(report, visit)}
${reportArticle(report, { titled: false })}`
    : html`<div class="empty"><p><strong>${say.intro}</strong></p><p>${targets.length > 0 ? say.introHint : say.noAccounts}</p></div>`
}`;
  return { title: report?.title ?? say.title, body, stylesheets: ['/assets/report.css'] };
}

function chooser({ targets, report, language }: ReportsPage, visit: Visit): Html {
  const say = reportsWords(visit.language);
  const groups = Map.groupBy(targets, ({ source }) => source);
  return html`
<form method="get" action="/reports" class="filters" aria-label="${say.choose}">
<label>${say.account}
<select name="target">${[...groups].map(
    ([source, accounts]) => html`
<optgroup label="${source}">${accounts.map(
      ({ account }) => html`
<option value="${source}/${account}"${source === report?.source && account === report?.account && html` selected`}>${account}</option>`,
    )}
</optgroup>`,
  )}
</select></label>
<label>${say.date}
<input type="date" name="date" value="${report?.date}"></label>
<label>${say.language}
<select name="language">${LANGUAGES.map(
    (name) => html`<option value="${name}"${name === language && html` selected`}>${LANGUAGE_NAMES[name]}</option>`,
  )}</select></label>
<button>${say.show}</button>
</form>`;
}

/** The days around it, print, and the same as a file. */
function tools({ source, account, date, language }: ToldReport, visit: Visit): Html {
  const say = reportsWords(visit.language);
  const other = (days: number) => {
    const there = new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
    return pathTo('/reports', { source, account, date: there, language });
  };
  const file = (format: string) => pathTo(`/reports/file/${format}`, { source, account, date, language });
  return html`
<div class="actions middle no-print">
<nav aria-label="${say.days}"><a href="${other(-1)}">${say.before}</a> &nbsp; <a href="${other(1)}">${say.after}</a></nav>
<button type="button" class="quiet" data-print hidden>${say.print}</button>
<p>${say.save} <a href="${file('md')}" download>Markdown</a>, <a href="${file('html')}" download>HTML</a>, <a href="${file('json')}" download>JSON</a></p>
</div>`;
}
