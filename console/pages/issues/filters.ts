import { ISSUE_KINDS } from '../../../db/issues.ts';
import { kindText } from '../../../reports/report-rows.ts';
import { entityWord, sourceWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import type { Visit } from '../../page/visit.ts';
import { filterOf, type IssuesQuery, isFiltered, STATES } from './query.ts';
import type { Place } from './read.ts';
import { issuesWords } from './words.ts';

/** Which issues are shown. */
export function issueFilters(query: IssuesQuery, places: readonly Place[], { language }: Visit): Html {
  const say = issuesWords(language);
  const { source, account, entity, kind, state = 'open', text } = filterOf(query);
  const of = [source, account].filter(Boolean).join('/');
  const entities = [...new Set(places.flatMap((place) => place.entities))];
  return html`
<form method="get" action="/issues" class="filters" aria-label="${say.filters}">
<label>${say.of}<select name="of"><option value="">${say.any}</option>${places.map(
    (place) =>
      html`<optgroup label="${sourceWord(place.title, language)}">${[
        option([place.source, say.allOf(sourceWord(place.title, language))], of),
        ...place.accounts.map((name) => option([`${place.source}/${name}`, name], of)),
      ]}</optgroup>`,
  )}</select></label>
${select(
  { name: 'entity', label: say.entity, any: say.any },
  entity,
  entities.map((name) => [name, entityWord(name, language)]),
)}
${select(
  { name: 'kind', label: say.kind, any: say.any },
  kind,
  ISSUE_KINDS.map((name) => [name, kindText(name, language)]),
)}
${select(
  { name: 'state', label: say.state },
  state,
  STATES.map((name) => [name, say[name]]),
)}
<label>${say.search}<input type="search" name="q" value="${text}" autocomplete="off"></label>
<button>${say.show}</button>${isFiltered(query) && html` <a href="/issues" role="button" class="quiet">${say.reset}</a>`}
</form>`;
}

type Option = readonly [value: string, text: string];

function select(
  { name, label, any }: { name: string; label: string; any?: string },
  chosen: string | undefined,
  options: readonly Option[],
): Html {
  return html`<label>${label}<select name="${name}">${any !== undefined && html`<option value="">${any}</option>`}${options.map((each) => option(each, chosen))}</select></label>`;
}

function option([value, text]: Option, chosen: string | undefined): Html {
  return html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`;
}
