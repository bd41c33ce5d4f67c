import type { Schedule } from '../../../settings/settings.ts';
import { commonWords, span } from '../../../words/common.ts';
import { entityWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { ageElement } from '../../page/age-element.ts';
import { lightElement, statusElement } from '../../page/light.ts';
import { pathTo } from '../../page/path-to.ts';
import { shortened } from '../../page/shortened.ts';
import { numberText } from '../../page/time-text.ts';
import type { Visit } from '../../page/visit.ts';
import { formId } from './account-form.ts';
import type { ShownAccount, ShownEntity } from './read.ts';
import { reasonsText } from './summary.ts';
import type { Drawing } from './words.ts';

const COUNTS = ['rows', 'pending', 'parked', 'quarantined', 'without_parent'] as const;

export function entityTable(source: string, account: ShownAccount, drawing: Drawing, visit: Visit): Html {
  const { say } = drawing;
  const title = say.tableOf(`${source} / ${account.account}`);
  const numbers = [say.rows, say.pending, say.parked, say.quarantined, say.withoutParent, say.issues];
  return html`
<div class="scroll" role="region" aria-label="${title}" tabindex="0">
<table class="pinned">
<thead><tr><th scope="col">${say.entity}</th><th scope="col">${say.state}</th><th scope="col">${say.read}</th><th scope="col">${say.run}</th>${numbers.map((name) => html`<th scope="col" class="number">${name}</th>`)}${visit.mayChange && html`<th scope="col"><span class="hidden">${say.actions}</span></th>`}</tr></thead>
<tbody>${account.entities.map((entity) => entityRow(entity, account.timezone, drawing, visit))}
</tbody>
</table>
</div>`;
}

function entityRow(entity: ShownEntity, timezone: string, drawing: Drawing, visit: Visit): Html {
  const { say, language } = drawing;
  const { source, account, verdict, open_issues: issues } = entity;
  const name = entityWord(entity.entity, language);
  const here = { source, account, entity: entity.entity };
  return html`
<tr><th scope="row">${name}</th>
<td class="why">${lightElement(verdict.light, language, entity.paused ? say.paused : undefined)}${verdict.light !== 'green' && html`<small>${reasonsText(entity, drawing)}</small>`}</td>
<td>${readCell(entity, timezone, drawing)}</td>
<td>${runCell(entity, timezone, drawing)}</td>${COUNTS.map((count) => numberCell(entity[count], language))}
<td class="number">${issues > 0 ? html`<a href="${pathTo('/issues', here)}">${numberText(issues, language)}</a>` : html`<span class="zero">0</span>`}</td>
${visit.mayChange && html`<td>${buttonOf(entity, name, say)}</td>`}</tr>`;
}

function numberCell(value: number, language: Drawing['language']): Html {
  return html`<td class="number">${value > 0 ? numberText(value, language) : html`<span class="zero">0</span>`}</td>`;
}

function readCell({ last_read_at: at, schedule, part_of }: ShownEntity, timezone: string, drawing: Drawing): Html {
  const { say, language, now } = drawing;
  const when = at ? ageElement(at, now, timezone, language) : say.neverRun;
  const due = part_of ? say.partOf(entityWord(part_of, language)) : scheduleText(schedule, drawing);
  return html`${when}<small>${due}</small>`;
}

function scheduleText(schedule: Schedule | null, { say, language }: Drawing): string {
  if (!schedule) return say.noSchedule;
  return 'everyMs' in schedule ? say.every(span(schedule.everyMs, commonWords(language))) : say.cron(schedule.cron);
}

function runCell({ last_run: run, part_of }: ShownEntity, timezone: string, { say, language, now }: Drawing): Html {
  if (part_of) return html`<span class="zero">–</span>`;
  if (!run) return html`${say.neverRun}`;
  return html`${statusElement(run.status, language)} <a href="/runs/${run.id}">${ageElement(run.started_at, now, timezone, language)}</a>${run.error && html`<p>${shortened(run.error)}</p>`}`;
}

function buttonOf(entity: ShownEntity, name: string, say: Drawing['say']): Html | false {
  const { source, account, paused, part_of } = entity;
  if (part_of) return false;
  if (paused && paused.entity === null) return false;
  const form = formId(source, account);
  return paused
    ? html`<button class="small" form="${form}" formaction="/resume" name="entity" value="${entity.entity}" aria-label="${say.resumeOf(`${name}, ${source} / ${account}`)}">${say.resume}</button>`
    : html`<button class="small quiet" form="${form}" name="entity" value="${entity.entity}" aria-label="${say.runNowOf(name, `${source} / ${account}`)}">${say.runNow}</button>`;
}
