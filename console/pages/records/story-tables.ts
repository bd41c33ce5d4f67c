import { kindText } from '../../../reports/report-rows.ts';
import { commonWords, wordFor } from '../../../words/common.ts';
import { type Html, html } from '../../../words/html.ts';
import { runPath } from '../../page/addresses.ts';
import { numberText, shortTime } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { runWords, valueWord } from '../runs/words.ts';
import type { ShownStory } from './read-record.ts';
import { recordWords } from './words.ts';

/** The issues, runs and jobs of a record. */
export function storyTables(story: ShownStory, zone: string, visit: Visit): Html {
  const say = recordWords(visit.language);
  const { issues, runs, jobs } = story;
  return html`
<h2>${say.issues}</h2>
${issues.length > 0 ? issuesTable(story, zone, visit) : html`<p class="quiet-text">${say.noIssues}</p>`}
<h2>${say.runs}</h2>
${runs.length > 0 ? runsTable(story, zone, visit) : html`<p class="quiet-text">${say.noRuns}</p>`}
<h2>${say.jobs}</h2>
${
  jobs && jobs.length > 0
    ? jobsTable(jobs, visit)
    : html`<p class="quiet-text">${jobs === null ? say.jobsSilent : say.noJobs}</p>`
}`;
}

function table(label: string, titles: readonly string[], rows: Html[]): Html {
  return html`
<div class="scroll" role="region" aria-label="${label}" tabindex="0">
<table>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows}
</tbody>
</table>
</div>`;
}

function issuesTable({ issues }: ShownStory, zone: string, { language }: Visit): Html {
  const say = recordWords(language);
  const rows = issues.map(
    (issue) => html`
<tr><td>${shortTime(issue.opened_at, zone, language)}</td><th scope="row">${kindText(issue.kind, language)}</th>
<td class="words">${issue.message}</td><td class="number">${numberText(issue.attempts, language)}×</td>
<td>${
      issue.resolved_at
        ? html`${shortTime(issue.resolved_at, zone, language)}<p>${issue.resolution}</p>`
        : html`<span class="status partial">${say.open}</span>`
    }</td></tr>`,
  );
  return table(say.issues, [say.opened, say.kind, say.message, say.met, say.ended], rows);
}

function runsTable({ runs }: ShownStory, zone: string, { language }: Visit): Html {
  const say = recordWords(language);
  const words = runWords(language);
  const rows = runs.map(
    (run) => html`
<tr><th scope="row"><a href="${runPath(run.id)}">${shortTime(run.started_at, zone, language)}</a></th><td>${run.account}</td>
<td>${valueWord(run.mode, words)}, ${valueWord(run.trigger, words)}</td>
<td><span class="status ${run.status}">${wordFor(run.status, commonWords(language))}</span>${run.error && html`<p>${run.error}</p>`}</td></tr>`,
  );
  return table(say.runs, [say.run, say.account, say.kind, say.status], rows);
}

function jobsTable(jobs: NonNullable<ShownStory['jobs']>, { language }: Visit): Html {
  const say = recordWords(language);
  const rows = jobs.map(
    (job) => html`
<tr><th scope="row"><a href="/queues/queue/${encodeURIComponent(job.queue)}/${encodeURIComponent(job.job_id)}">${job.job}</a></th><td>${job.queue}</td><td>${job.state}</td></tr>`,
  );
  return table(say.jobs, [say.job, say.queue, say.state], rows);
}
