import { kindText } from '../../../reports/report-rows.ts';
import { entityWord } from '../../../words/entities.ts';
import { type Html, html } from '../../page/html.ts';
import type { Visit } from '../../page/visit.ts';
import { type IssuesQuery, KINDS, STATES } from './query.ts';
import type { Place } from './read.ts';
import { issuesWords } from './words.ts';

/** Which issues are shown. */
export function issueFilters(query: IssuesQuery, places: readonly Place[], { language }: Visit): Html {
  const say = issuesWords(language);
  const { source, account, entity, kind, state = 'open', q, cursor: _ } = query;
  const shown = places.filter((place) => source === undefined || place.source === source);
  const isFiltered = [source, account, entity, kind, q].some(Boolean) || state !== 'open';
  return html`
<form method="get" action="/issues" class="filters" aria-label="${say.filters}">
${select({ name: 'source', label: say.source, any: say.any }, source, plain(places.map((place) => place.source)))}
${select({ name: 'account', label: say.account, any: say.any }, account, plain(shown.flatMap((place) => place.accounts)))}
${select(
  { name: 'entity', label: say.entity, any: say.any },
  entity,
  unique(shown.flatMap((place) => place.entities)).map((name) => [name, entityWord(name, language)]),
)}
${select(
  { name: 'kind', label: say.kind, any: say.any },
  kind,
  KINDS.map((name) => [name, kindText(name, language)]),
)}
${select(
  { name: 'state', label: say.state },
  state,
  STATES.map((name) => [name, say[name]]),
)}
<label>${say.search}
<input type="search" name="q" value="${q}" autocomplete="off"></label>
<button>${say.show}</button>
${isFiltered && html`<a href="/issues">${say.reset}</a>`}
</form>`;
}

function select(
  { name, label, any }: { name: string; label: string; any?: string },
  chosen: string | undefined,
  options: readonly (readonly [string, string])[],
): Html {
  return html`<label>${label}
<select name="${name}">${any !== undefined && html`<option value="">${any}</option>`}${options.map(
    ([value, text]) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`,
  )}</select></label>`;
}

const plain = (names: readonly string[]) => unique(names).map((name) => [name, name] as const);
const unique = (names: readonly string[]) => [...new Set(names)];
