import type { QueueDepth } from '../../../jobs/queue-depths.ts';
import { commonWords, span } from '../../../words/common.ts';
import { type Html, type HtmlValue, html } from '../../../words/html.ts';
import { pathTo } from '../../page/path-to.ts';
import { numberText } from '../../page/time-text.ts';
import type { OverviewData, OverviewQuery } from './read.ts';
import type { Drawing } from './words.ts';

/** The figures of the whole. */
export function tiles(data: OverviewData, { source, account }: OverviewQuery, drawing: Drawing): Html {
  const { say, language } = drawing;
  const { workers, queues, sources, running } = data;
  const accounts = sources.flatMap((each) => each.accounts);
  const entities = accounts.flatMap((each) => each.entities);
  const sum = (count: (entity: (typeof entities)[number]) => number) =>
    numberText(
      entities.reduce((total, entity) => total + count(entity), 0),
      language,
    );
  const fetching = queues && accounts.flatMap((each) => each.queues ?? []);
  return html`
<dl class="tiles" id="figures" data-live>
${tile(say.workers, workers === null ? say.unknown : numberText(workers, language))}
${tile(say.runsGoing, html`<a href="${pathTo('/runs', { source, account, status: 'running' })}">${numberText(running.length, language)}</a>`)}
${waiting(say.requestsWaiting, fetching, drawing)}
${waiting(say.recordsWaiting, queues, drawing)}
${tile(
  say.rowsStored,
  sum(({ rows }) => rows),
)}
${tile(say.openIssues, html`<a href="${pathTo('/issues', { source, account })}">${sum(({ open_issues }) => open_issues)}</a>`)}
</dl>`;
}

function tile(name: string, value: HtmlValue, more?: string): Html {
  return html`<div><dt>${name}</dt><dd>${value}${more && html`<small>${more}</small>`}</dd></div>`;
}

function waiting(name: string, queues: readonly QueueDepth[] | null, drawing: Drawing): Html {
  const { say, language } = drawing;
  if (!queues) return tile(name, say.unknown);
  const count = queues.reduce((total, queue) => total + queue.waiting, 0);
  return tile(name, html`<a href="/queues">${numberText(count, language)}</a>`, oldestText(queues, drawing));
}

/** `oldest 3 min`: of what waits in these queues. */
export function oldestText(queues: readonly QueueDepth[], { say, language, now }: Drawing): string | undefined {
  const times = queues.flatMap(({ oldest_waiting_at: at }) => (at ? [+at] : []));
  return times.length > 0 ? say.oldest(span(+now - Math.min(...times), commonWords(language))) : undefined;
}
