import { CHART_RANGES, type ChartRange, type Charts } from '../../../operations/charts.ts';
import { type Html, html } from '../../../words/html.ts';
import { LOCALES } from '../../page/language.ts';
import { pathTo } from '../../page/path-to.ts';
import { numberText } from '../../page/time-text.ts';
import type { OverviewData, OverviewQuery } from './read.ts';
import type { Drawing } from './words.ts';

interface Chart {
  name: string;
  title: string;
  kind: 'line' | 'bar';
  lines: { name: string; values: (number | null)[] }[];
  at: Date[];
}

const MINUTE_S = 60;

/** Records, lengths of runs and issues over time: pictures drawn from the tables that lie beside them. */
export function chartsView({ charts }: OverviewData, query: OverviewQuery, drawing: Drawing, timezone: string): Html {
  const { say } = drawing;
  const ranges = Object.keys(CHART_RANGES) as ChartRange[];
  const { source, account, range } = query;
  return html`
<section aria-labelledby="over-time" id="charts" data-live${charts === null && html` data-soon`}>
<div class="row"><h2 id="over-time">${say.charts}</h2>
<nav class="switch" aria-label="${say.range}">${ranges.map((each) => html`<a href="${pathTo('/', { source, account, range: each })}#charts"${each === range && html` aria-current="true"`}>${say[each]}</a>`)}</nav></div>
${charts ? html`<div class="cards">${chartsOf(charts, say).map((chart) => chartView(chart, range, drawing, timezone))}</div>` : html`<p class="empty">${say.summingUp}</p>`}
</section>`;
}

function chartsOf({ bucket_s, records, durations, issues }: Charts, say: Drawing['say']): Chart[] {
  const perMinute = (value: number) => value / (bucket_s / MINUTE_S);
  return [
    {
      name: 'records',
      title: say.recordsChart,
      kind: 'line',
      at: records.map(({ at }) => at),
      lines: [
        { name: say.fetched, values: records.map(({ fetched }) => perMinute(fetched)) },
        { name: say.written, values: records.map(({ written }) => perMinute(written)) },
      ],
    },
    {
      name: 'durations',
      title: say.durationsChart,
      kind: 'line',
      at: durations.map(({ at }) => at),
      lines: [
        { name: say.median, values: durations.map(({ median_s }) => median_s) },
        { name: say.longest, values: durations.map(({ longest_s }) => longest_s) },
      ],
    },
    {
      name: 'issues',
      title: say.issuesChart,
      kind: 'line',
      at: issues.map(({ at }) => at),
      lines: [
        { name: say.opened, values: issues.map(({ opened }) => opened) },
        { name: say.resolved, values: issues.map(({ resolved }) => resolved) },
      ],
    },
  ];
}

const RANGE_WORDS = { hour: 'lastHour', day: 'lastDay', week: 'lastWeek' } as const;

function chartView(
  { name, title, kind, lines, at }: Chart,
  range: ChartRange,
  { say, language }: Drawing,
  zone: string,
): Html {
  const text = (value: number) => numberText(value, language, { maximumFractionDigits: value < 10 ? 1 : 0 });
  const most = lines.map((line) => ({ name: line.name, most: Math.max(0, ...line.values.map((value) => value ?? 0)) }));
  const isQuiet = most.every((line) => line.most === 0);
  const words = `${title}, ${say[RANGE_WORDS[range]]}: ${isQuiet ? say.quietChart : most.map((line) => say.atMost(line.name, text(line.most))).join(', ')}`;
  const id = `chart-${name}`;
  const moment = new Intl.DateTimeFormat(LOCALES[language], {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  });
  return html`
<figure class="card">
<figcaption>${title} <small>${say[RANGE_WORDS[range]]}</small></figcaption>
<div class="chart" id="${id}" role="img" aria-label="${words}" data-keep></div>
${isQuiet && html`<p class="quiet-text">${say.quietChart}</p>`}
<details id="${id}-details"><summary>${say.asTable}</summary>
<div class="scroll low" role="region" aria-label="${title}" tabindex="0">
<table data-chart="${kind}" data-place="${id}" data-zone="${zone}" data-range="${range}">
<thead><tr><th scope="col">${say.time}</th>${lines.map((line) => html`<th scope="col" class="number">${line.name}</th>`)}</tr></thead>
<tbody>${at.map(
    (time, n) => html`
<tr><td><time datetime="${time.toISOString()}">${moment.format(time)}</time></td>${lines.map(({ values }) => {
      const value = values[n] ?? null;
      return value === null
        ? html`<td class="number" data-value="">–</td>`
        : html`<td class="number" data-value="${round(value)}">${text(value)}</td>`;
    })}</tr>`,
  )}
</tbody></table></div></details>
</figure>`;
}

const round = (value: number) => Math.round(value * 100) / 100;
