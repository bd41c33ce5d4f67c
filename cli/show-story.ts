import type { TrailStep } from '../db/lookups.ts';
import type { MaskedField } from '../db/mask-payload.ts';
import { WHOLE_SOURCE } from '../db/record-key.ts';
import type { StoryRun } from '../db/story.ts';
import type { LiveAnswer } from '../operations/ask-source.ts';
import { nearMissText } from '../operations/near-miss-text.ts';
import type { Told, ToldStory } from '../operations/tell-story.ts';
import { commonWords, span, timeText, wordFor } from '../words/common.ts';
import type { Language } from '../words/dictionary.ts';
import type { Output } from './output.ts';
import { type StoryWords, storyWords } from './story-words.ts';

export interface Explanation extends Told {
  /** Null unless the source was asked. */
  live: LiveAnswer[] | null;
}

interface View {
  out: Output;
  language: Language;
  say: StoryWords;
  at: Date;
}

export function showExplanation(out: Output, language: Language, explanation: Explanation): void {
  const { source, entity, external_id: id, stories, near_misses: misses, kept_out: keptOut, live, at } = explanation;
  const view: View = { out, language, say: storyWords(language), at };
  const { say } = view;
  for (const story of stories) {
    const whose = story.record.scope === WHOLE_SOURCE ? '' : ` (${story.record.account})`;
    out.line(out.paint('bold', `${source} ${entity} ${id}${whose}`));
    showStory(view, story);
    out.line();
  }
  if (stories.length === 0) {
    out.line(say.unknown(id, entity, source));
    for (const miss of misses) out.line(`  ${nearMissText(miss, language)}`);
  }
  for (const { actor, at: since } of keptOut) {
    const command = `./pmsync delete ${entity} ${id} --source ${source} --let-in`;
    out.line(say.keptOut(timeText(since), actor, command));
  }
  for (const answer of live ?? []) out.line(`${say.live}: ${liveText(say, answer)}`);
  const stuck = stories.some(({ record }) => record.state !== 'applied' || record.waits_for !== null);
  if (stuck) out.line(say.requeue(`./pmsync requeue ${entity} ${id} --source ${source}`));
}

function showStory(view: View, { record, row, issues, runs, parents, waiting, jobs, payload, table }: ToldStory): void {
  const { out, say, language } = view;
  const common = commonWords(language);
  const facts: [string, string][] = [];
  const fact = (name: string, text: string) => void facts.push([name, text]);
  fact(say.state, stateText(view, record));
  fact(say.account, record.account);
  if (record.run_id === null && record.state !== 'listed' && record.state !== 'gone') fact(say.run, say.outsideRuns);
  for (const run of runs) fact(say.run, runText(view, run));
  for (const parent of parents) {
    const trail = parent.trail ? `; ${trailText(view, parent.trail)}` : '';
    const error = parent.last_error ? `; ${parent.last_error}` : '';
    fact(say.waitsFor, `${parent.entity}/${parent.external_id}: ${wordFor(parent.state, common)}${trail}${error}`);
  }
  if (record.trail) fact(say.trail, trailText(view, record.trail));
  if (waiting.count > 0) {
    const first = waiting.first.map(
      (waiter) => `${waiter.entity}/${waiter.external_id} (${wordFor(waiter.state, common)})`,
    );
    fact(say.waitedForBy, `${waiting.count}: ${first.join(', ')}${waiting.count > first.length ? ', …' : ''}`);
  }
  for (const issue of issues) {
    const end = issue.resolved_at ? say.closed(timeText(issue.resolved_at), issue.resolution ?? '') : say.open;
    fact(say.issue, `${issue.kind}, ${timeText(issue.opened_at)}, ${end}: ${issue.message}`);
  }
  for (const job of jobs ?? []) fact(say.job, `${job.job} (${job.account}): ${job.state}`);
  fact(
    say.row,
    row
      ? `${table}: ${row
          .filter(isShown)
          .map((column) => `${column.field} ${column.value}`)
          .join(', ')}`
      : say.noRow,
  );
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, text] of facts) out.line(`  ${name.padEnd(width)}  ${text}`);
  if (!payload) return;
  out.line(`\n  ${say.payload}`);
  out.table(
    say.payloadTitles.split('|'),
    payload.map((field) => [`  ${field.field}`, field.type, isShown(field) ? String(field.value) : '']),
  );
}

const isShown = (field: MaskedField) => field.value !== undefined;

function stateText({ say, language, at }: View, record: ToldStory['record']): string {
  const common = commonWords(language);
  const ago = (time: Date) => `${timeText(time)}, ${common.ago(span(+at - +time, common))}`;
  const parts = [wordFor(record.state, common), say.version(record.version), say.read(ago(record.fetched_at))];
  if (record.applied_at) parts.push(say.applied(ago(record.applied_at)));
  if (record.deleted_at) parts.push(say.deleted(timeText(record.deleted_at)));
  if (record.is_partial) parts.push(say.partial);
  if (record.last_error) parts.push(record.last_error);
  return parts.join('; ');
}

function runText(
  { language }: View,
  { trigger, mode, account, status, started_at: startedAt, error, id }: StoryRun,
): string {
  const what = `${timeText(startedAt)} ${account} ${mode} (${trigger}) ${wordFor(status, commonWords(language))}, ${id}`;
  return error ? `${what}: ${error}` : what;
}

function trailText({ say }: View, trail: readonly TrailStep[]): string {
  if (trail.length === 0) return say.notAsked;
  return trail
    .map(
      ({ account, at, answer, note }) =>
        `${account} ${timeText(new Date(at))} ${answer}${note && note !== answer ? ` (${note})` : ''}`,
    )
    .join(', ');
}

function liveText(say: StoryWords, { account, answer, note, requests, latency_ms: ms, different }: LiveAnswer): string {
  const cost = say.cost(requests, ms);
  if (answer === 'error') return `${account}: ${say.error} ${note} (${cost})`;
  if (answer === 'absent') return `${account}: ${say.absent}${note ? `, ${note}` : ''} (${cost})`;
  if (different === null) return `${account}: ${say.found} (${cost})`;
  return `${account}: ${different.length === 0 ? say.same : say.differs(different.join(', '))} (${cost})`;
}
