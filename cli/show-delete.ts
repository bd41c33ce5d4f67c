import type { Deletion } from '../db/delete/delete-record.ts';
import type { TypedRecord } from '../db/delete/find-typed.ts';
import type { NearMiss } from '../db/near-misses.ts';
import type { DeletedRecord } from '../jobs/delete-records.ts';
import { nearMissText } from '../operations/near-miss-text.ts';
import { commonWords, wordFor } from '../words/common.ts';
import type { Language } from '../words/dictionary.ts';
import { type DeleteWords, deleteWords } from './delete-words.ts';
import type { Output } from './output.ts';

/** What the words on the command line stand for. */
export interface Meant {
  records: TypedRecord[];
  ambiguous: { typed: string; candidates: TypedRecord[] }[];
  unknown: { typed: string; near_misses: NearMiss[] }[];
  wrong: string[];
}

export interface DeleteReport extends Omit<Meant, 'records'> {
  source: string;
  entity: string;
  keep_out: boolean;
  /** Every record that was meant and found, with what became of it. */
  records: DeletedRecord[];
}

/** What would go, before anything does. */
export function showMeant(note: (text: string) => void, language: Language, records: readonly TypedRecord[]): void {
  const say = deleteWords(language);
  note(say.toDelete(records.length));
  for (const record of records) note(`  ${recordText(say, language, record)}`);
}

export function showDelete(out: Output, language: Language, report: DeleteReport): void {
  const { source, entity, records, ambiguous, unknown, wrong } = report;
  if (out.json) {
    out.data({ ...report, records: records.map(({ record, deletion }) => ({ ...record, ...withoutRuns(deletion) })) });
    return;
  }
  const say = deleteWords(language);
  for (const { record, deletion } of records) {
    out.line(`${recordText(say, language, record)}  ${deletionText(out, say, deletion)}`);
  }
  for (const { typed, candidates } of ambiguous) {
    out.line(out.paint('yellow', say.ambiguous(typed)));
    for (const candidate of candidates) out.line(`  ${recordText(say, language, candidate)}`);
  }
  for (const { typed, near_misses: misses } of unknown) {
    const hints = misses.map((miss) => nearMissText(miss, language)).join('; ');
    out.line(out.paint('yellow', say.unknown(typed, entity, source)) + (hints && `; ${hints}`));
  }
  for (const typed of wrong) out.line(out.paint('yellow', say.wrong(typed)));
  const all = records.length + ambiguous.length + unknown.length + wrong.length;
  out.line(say.summary(records.filter(({ deletion }) => deletion.deleted).length, all));
}

function recordText(say: DeleteWords, language: Language, record: TypedRecord): string {
  const parts = [record.external_id, record.account];
  if (record.number !== null) parts.push(say.number(record.number));
  parts.push(record.state === null ? say.noLanding : wordFor(record.state, commonWords(language)));
  if (!record.has_row) parts.push(say.noRow);
  return parts.join('  ');
}

function deletionText(out: Output, say: DeleteWords, deletion: Deletion): string {
  if (deletion.deleted) return `${out.paint('green', say.deleted)}; ${say[deletion.comes_back]}`;
  if (deletion.unknown) return say.vanished;
  const reasons = deletion.referred_by.map(({ count, entity }) => say.referredBy(count, entity));
  if (deletion.waited_for_by > 0) reasons.push(say.waitedFor(deletion.waited_for_by));
  return out.paint('red', say.refused(reasons.join('; ')));
}

function withoutRuns(deletion: Deletion): object {
  if (!deletion.deleted) return deletion;
  const { runs: _runs, version: _version, ...rest } = deletion;
  return rest;
}
