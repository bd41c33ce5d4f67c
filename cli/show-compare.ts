import { FINDING_KINDS, type Finding, type FindingKind, readFindings } from '../db/compare/read-findings.ts';
import type { Db } from '../db/connection.ts';
import type { FixedAccount } from '../jobs/fix-comparison.ts';
import type { EntityDefinition } from '../sources/define-source.ts';
import type { Language } from '../words/dictionary.ts';
import type { ComparedAccount, CompareReport } from './compare-and-report.ts';
import { type CompareWords, compareWords, reasonText } from './compare-words.ts';
import type { Output } from './output.ts';
import { streamJson } from './stream-json.ts';

export interface ShownCompare {
  report: CompareReport;
  entity: EntityDefinition;
  /** What has been repaired before; null without `--fix`. */
  fix: FixedAccount[] | null;
  /** Of each list. */
  limit: number;
}

const MOST_AT_ONCE = 1000;

/** The result of a comparison: as text with so many of each list, as JSON with all of them, read while it is written. */
export async function showCompare(out: Output, language: Language, db: Db, shown: ShownCompare): Promise<void> {
  const { report, entity, fix, limit } = shown;
  const { comparison, accounts } = report;
  if (out.json) {
    const lists = FINDING_KINDS.map((kind) => [nameOf(kind), readAll(db, report, kind, limit)] as const);
    await streamJson(process.stdout, {
      equal: report.equal,
      source: comparison.source,
      entity: comparison.entity,
      period: comparison.runs[0]?.period ?? null,
      absence: entity.absence ?? 'unknown',
      accounts: accounts.map(({ not_listed: gone, ...account }) => ({ ...account, gone_there: gone })),
      fix,
      ...Object.fromEntries(lists),
    });
    return;
  }
  const say = compareWords(language);
  for (const account of accounts) await showAccount(out, say, db, shown, account);
  if (fix) showFix(out, language, shown, fix);
  out.line(report.equal ? out.paint('green', say.equal) : out.paint('red', say.notEqual));
  if (!report.equal && !fix) out.line(say.howToFix(entity.name, comparison.source));
}

async function showAccount(
  out: Output,
  say: CompareWords,
  db: Db,
  { report, entity, limit }: ShownCompare,
  account: ComparedAccount,
): Promise<void> {
  const { comparison } = report;
  out.line(out.paint('bold', `${comparison.source} ${account.account} ${comparison.entity}`));
  out.line(`  ${say.totals(account.listed, account.here)}`);
  if (account.not_listed === null) out.line(`  ${out.paint('red', say.incomplete(account.error ?? account.status))}`);
  const run = comparison.runs.find(({ runId }) => runId === account.run_id)!;
  for (const kind of FINDING_KINDS) {
    const count = account[kind];
    if (count === null || count === 0) continue;
    const deletes = entity.absence === 'deleted';
    const title = kind === 'not_listed' && !deletes ? say.notListedUnknown : say[kind];
    out.line(`  ${title}: ${count}`);
    const found = await readFindings(db, comparison, run, kind, { after: '', limit });
    const width = Math.max(...found.map(({ external_id: id }) => id.length));
    for (const finding of found) {
      out.line(`    ${finding.external_id.padEnd(width)}  ${detailOf(say, kind, finding)}`.trimEnd());
    }
    if (count > found.length) out.line(`    ${say.more(count - found.length)}`);
  }
}

function detailOf(say: CompareWords, kind: FindingKind, finding: Finding): string {
  if (kind === 'missing') return reasonText(say, finding);
  if (kind === 'different') return (finding.fields ?? []).join(', ');
  return kind === 'duplicates' ? say.times(finding.times ?? 0) : '';
}

function showFix(
  out: Output,
  language: Language,
  { entity, report }: ShownCompare,
  fix: readonly FixedAccount[],
): void {
  const say = compareWords(language);
  for (const { account, applied, read_again: again, left, gone } of fix) {
    out.line(`${account}: ${say.fixed(applied, again)}`);
    if (left > 0) out.line(`  ${out.paint('yellow', say.left(left, report.comparison.source, account, entity.name))}`);
    if (gone.step === 'kept') out.line(`  ${say.kept}`);
    if (gone.step === 'deleted') out.line(`  ${say.buried(gone.count)}`);
    if (gone.step === 'verified') out.line(`  ${say.verified(gone.count)}`);
    if (gone.step === 'held') {
      const command = `./pmsync compare ${entity.name} --source ${report.comparison.source} --account ${account} --fix --confirm-deletes`;
      out.line(`  ${out.paint('red', say.held(gone.percent.toFixed(1), command))}`);
    }
  }
}

/** The word the outside knows it by. */
function nameOf(kind: FindingKind): string {
  return kind === 'not_listed' ? 'gone_there' : kind;
}

async function* readAll(db: Db, report: CompareReport, kind: FindingKind, limit: number): AsyncGenerator<Finding> {
  for (const { run_id: runId, not_listed: notListed } of report.accounts) {
    const run = report.comparison.runs.find((known) => known.runId === runId)!;
    if (kind === 'not_listed' && notListed === null) continue;
    for (let after = '', left = limit; left > 0; ) {
      const page = await readFindings(db, report.comparison, run, kind, { after, limit: Math.min(left, MOST_AT_ONCE) });
      yield* page;
      left -= page.length;
      if (page.length < MOST_AT_ONCE) break;
      after = page.at(-1)?.external_id ?? '';
    }
  }
}
