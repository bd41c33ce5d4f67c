import type { RunDetails } from '../../../operations/runs.ts';
import type { Language } from '../../../words/dictionary.ts';
import { entityWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { pathTo } from '../../page/path-to.ts';
import { timeElement } from '../../page/time-text.ts';
import { kindWord, type RunWords } from './words.ts';

/** As many as are read at most. */
const MOST = 100;

export function issuesView({ run, issues }: RunDetails, zone: string, say: RunWords, language: Language): Html {
  const { source, account } = run;
  return html`
<section id="issues" data-live>
<h2>${say.issues}</h2>
${
  issues.length === 0
    ? html`<p class="quiet-text">${say.issuesNone}</p>`
    : html`<div class="scroll low" role="region" aria-label="${say.issues}" tabindex="0">
<table>
<thead><tr><th scope="col">${say.record}</th><th scope="col">${say.kind}</th><th scope="col">${say.state}</th><th scope="col">${say.message}</th><th scope="col">${say.opened}</th></tr></thead>
<tbody>${issues.map(
        ({ id, entity, external_id: externalId, kind, message, opened_at, resolved_at, resolution }) => html`
<tr id="issue-${id}"><th scope="row">${externalId === null ? html`${entityWord(entity, language)}: ${say.wholeList}` : html`<a href="${recordPath(source, entity, externalId, account)}">${entityWord(entity, language)} ${externalId}</a>`}</th>
<td>${kindWord(kind, language)}</td><td>${resolved_at ? html`<span class="status succeeded">${say.resolved}</span>${resolution && html`<p>${resolution}</p>`}` : html`<span class="status partial">${say.open}</span>`}</td><td><p>${message}</p></td><td>${timeElement(opened_at, zone, language)}</td></tr>`,
      )}
</tbody></table></div>${issues.length >= MOST && html`<p class="quiet-text">${say.issuesCut(MOST)}</p>`}`
}
<p><a href="${pathTo('/issues', { source, account })}">${say.allIssues}</a></p>
</section>`;
}

function recordPath(source: string, entity: string, externalId: string, account: string): string {
  return pathTo(`/records/${[source, entity, externalId].map(encodeURIComponent).join('/')}`, { account });
}
