import { readFileSync } from 'node:fs';
import type { Language } from '../words/dictionary.ts';
import { type Html, html } from '../words/html.ts';
import { htmlDocument } from '../words/html-document.ts';
import { oneLine } from './plain-text.ts';
import type { Report } from './report.ts';
import { factRows, kindText, presentRows, problemRows, readingRows, recordsText } from './report-rows.ts';
import { type Step, type ToldCause, type ToldReport, tellReport } from './tell-report.ts';
import { utcText } from './utc.ts';
import { reportWords } from './words/report-words.ts';

/** Everything a report needs, on a screen and on paper. Each selector begins with `.report`, so it may stand beside others. */
export const REPORT_CSS = readFileSync(new URL('report.css', import.meta.url), 'utf8');

/** A complete document of its own. `stylesheet`: address of a file with `REPORT_CSS`, where inline styles are not allowed. */
export function renderHtml(
  reports: readonly Report[],
  language: Language,
  { stylesheet }: { stylesheet?: string } = {},
): string {
  const told = reports.map((report) => tellReport(report, language));
  const style = stylesheet
    ? html`<link rel="stylesheet" href="${stylesheet}">`
    : html`<style>${{ html: REPORT_CSS }}</style>`;
  return htmlDocument(language, {
    title: told.map(({ title }) => title).join('; '),
    head: style,
    body: html`<body class="report-page">
<main>
${told.map((report) => reportArticle(report))}
</main>
</body>`,
  }).html;
}

/** One report as `<article class="report">`, with a heading of level 1, to be put into a page. */
export function reportFragment(report: Report, language: Language): Html {
  return reportArticle(tellReport(report, language));
}

/** The same of a report in words. `titled: false`: for a page that has its title as a heading already. */
export function reportArticle(report: ToldReport, { titled = true } = {}): Html {
  const say = reportWords(report.language);
  const id = (part: string) => `${part}-${report.source}-${report.account}`.replace(/[^\w-]/g, '-');
  const tableOf = (part: string, titles: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
    section(id(part), part, table(id(part), titles, rows));
  const section = (at: string, part: string, body: Html) => {
    const titles: Record<string, string> = { problems: say.problems, now: say.now, read: say.ofDay };
    return html`<section><h2 id="${at}">${titles[part]}</h2>
${body}</section>
`;
  };
  const more =
    report.more_problems > 0 &&
    html`<p>${say.moreProblems(report.more_problems)}</p>
`;
  return html`<article class="report" lang="${report.language}">
${titled && html`<h1>${oneLine(report.title)}</h1>`}
<dl>${factRows(report).map(([name, value]) => html`<div><dt>${name}</dt><dd>${oneLine(value)}</dd></div>`)}</dl>
${report.total === 0 && html`<p class="good">${report.reading.length > 0 ? say.good : say.goodIdle}</p>`}
${
  report.total > 0 && [
    tableOf('problems', say.problemTitles, problemRows(report)),
    more,
    html`<section><h2>${say.analysis}</h2>
${report.causes.map((cause, index) => causeSection(cause, index, report))}
${report.more_causes.map((each) => html`<p>${say.moreCauses(each.causes, each.problems, kindText(each.kind, report.language))}</p>`)}
</section>
`,
    tableOf('now', say.nowTitles, presentRows(report)),
    more,
  ]
}
${report.reading.length > 0 && tableOf('read', say.readTitles, readingRows(report))}
${report.next_steps.length > 0 && html`<section><h2>${say.next}</h2>${steps(report.next_steps)}</section>`}
</article>
`;
}

function causeSection(cause: ToldCause, index: number, { language }: ToldReport): Html {
  const say = reportWords(language);
  return html`<section class="cause">
<h3>${index + 1}. ${oneLine(cause.title)}</h3>
<p>${say.happened(cause.problems, utcText(cause.first_at), utcText(cause.last_at))}</p>
${cause.message !== '' && html`<p>${say.message}: <q>${cause.message}</q></p>`}
${cause.records.length > 0 && html`<p>${say.records}: ${recordsText(cause, language)}</p>`}
<h4>${say.scenarios}</h4>
<ul>${cause.scenarios.map(
    ({ verdict, text, how }) =>
      html`<li><strong class="${verdict}">${say[verdict]}</strong>: ${text} ${oneLine(how)}</li>`,
  )}</ul>
<h4>${say.recommendations}</h4>
${cause.actions.length > 0 ? steps(cause.actions) : html`<p>${say.nothingToDo}</p>`}
</section>
`;
}

function steps(all: readonly Step[]): Html {
  return html`<ol>${all.map(
    ({ text, command }) =>
      html`<li>${oneLine(text)}${command !== null && html`<pre><code>${oneLine(command)}</code></pre>`}</li>`,
  )}</ol>`;
}

function table(labelledBy: string, titles: readonly string[], rows: readonly (readonly (string | number)[])[]): Html {
  const cell = (value: string | number) =>
    typeof value === 'number' ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`;
  return html`<div class="scroll" role="region" aria-labelledby="${labelledBy}" tabindex="0">
<table>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map(cell)}</tr>
`,
  )}</tbody>
</table>
</div>
`;
}
