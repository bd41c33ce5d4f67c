import type { JobContext } from '../../../jobs/define-job.ts';
import { commonWords } from '../../../words/common.ts';
import type { Language } from '../../../words/dictionary.ts';
import { entityWord, sourceWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { chosen, type RunsQuery } from './query.ts';
import { type RunWords, runWords, valueWord } from './words.ts';

type Known = Pick<JobContext, 'settings' | 'sources'>;
type Option = [value: string, text: string];

const STATUSES = ['running', 'succeeded', 'partial', 'failed'] as const;
const TRIGGERS = ['schedule', 'manual', 'webhook', 'requeue', 'compare'];
const MODES = ['incremental', 'full'];

/** What the list is narrowed by. */
export function runFilters(query: RunsQuery, zone: string, { settings, sources }: Known, language: Language): Html {
  const say = runWords(language);
  const common = commonWords(language);
  const { source, account } = chosen(query);
  const of = [source, account].filter(Boolean).join('/');
  const entities = settings.sources.flatMap(({ name }) => sources.get(name)?.entities ?? []);
  const names = [...new Set(entities.filter(({ partOf }) => !partOf).map(({ name }) => name))];
  return html`
<form method="get" action="/runs" class="filters" aria-label="${say.filters}">
<label>${say.of}<select name="of"><option value="">${say.all}</option>${settings.sources.map(
    ({ name, accounts }) =>
      html`<optgroup label="${sourceWord(sources.get(name)?.title ?? name, language)}">${[
        option([name, say.allOf(sourceWord(sources.get(name)?.title ?? name, language))], of),
        ...accounts.map((each) => option([`${name}/${each.name}`, each.name], of)),
      ]}</optgroup>`,
  )}</select></label>
${select(
  'entity',
  say.entity,
  query.entity,
  names.map((name): Option => [name, entityWord(name, language)]),
  say,
)}
${select('status', say.status, query.status, [['unwell', say.unwell], ...STATUSES.map((status): Option => [status, common[status]])], say)}
${select(
  'trigger',
  say.trigger,
  query.trigger,
  TRIGGERS.map((value): Option => [value, valueWord(value, say)]),
  say,
)}
${select(
  'mode',
  say.mode,
  query.mode,
  MODES.map((value): Option => [value, valueWord(value, say)]),
  say,
)}
<label>${say.from}<input type="date" name="from" value="${query.from}" aria-describedby="zone"></label>
<label>${say.to}<input type="date" name="to" value="${query.to}" aria-describedby="zone"></label>
<button>${say.show}</button> <a href="/runs" role="button" class="quiet">${say.clear}</a>
<small id="zone" class="quiet-text">${say.daysIn(zone)}</small>
</form>`;
}

function select(name: string, title: string, now: string | undefined, options: Option[], say: RunWords): Html {
  return html`<label>${title}<select name="${name}"><option value="">${say.all}</option>${options.map((each) => option(each, now))}</select></label>`;
}

function option([value, text]: Option, now: string | undefined): Html {
  return html`<option value="${value}"${value === now && html` selected`}>${text}</option>`;
}
