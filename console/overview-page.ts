import { type Html, html } from './html.ts';
import { BOARD_PATH } from './queue-board.ts';
import { COUNTS, type OverviewRow } from './read-overview.ts';
import type { Language } from './words.ts';

export function overviewPage(rows: readonly OverviewRow[], language: Language): string {
  const { tag, words } = language;
  const page = html`<!doctype html>
<html lang="${tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>pmsync: ${words.title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<h1>pmsync</h1>
<nav aria-label="${words.pages}">
<a href="/" aria-current="page">${words.title}</a>
<a href="${BOARD_PATH}">${words.queues}</a>
<a href="/healthz">${words.health}</a>
<a href="/readyz">${words.ready}</a>
<a href="/metrics">${words.metrics}</a>
</nav>
</header>
<main>
<div class="scroll" role="region" aria-labelledby="runs" tabindex="0">
<table>
<caption id="runs">${words.caption}</caption>
<thead>
<tr>${[words.source, words.account, words.entity, words.status, words.started].map((word) => html`<th scope="col">${word}</th>`)}${COUNTS.map((count) => html`<th scope="col" class="number">${words[count]}</th>`)}</tr>
</thead>
<tbody>${rows.map((row) => tableRow(row, language))}
</tbody>
</table>
</div>
</main>
</body>
</html>
`;
  return page.html;
}

function tableRow({ source, account, entity, timezone, run }: OverviewRow, { locale, words }: Language): Html {
  const name = html`
<tr><td>${source}</td><td>${account}</td><th scope="row">${entity}</th>`;
  if (!run) return html`${name}<td colspan="${2 + COUNTS.length}">${words.never}</td></tr>`;
  const numbers = COUNTS.map((count) => html`<td class="number">${run[count].toLocaleString(locale)}</td>`);
  return html`${name}<td><span class="status ${run.status}">${words[run.status]}</span>${run.error && html`<p>${run.error}</p>`}</td>
<td><time datetime="${run.started_at.toISOString()}">${inZone(run.started_at, timezone, locale)}</time></td>${numbers}</tr>`;
}

function inZone(at: Date, timeZone: string, locale: string): string {
  return at.toLocaleString(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  });
}
