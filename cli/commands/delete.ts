import type { Command } from 'commander';
import { shellUser } from '../../db/audit.ts';
import { findTyped, type TypedRecord } from '../../db/delete/find-typed.ts';
import { letIn } from '../../db/kept-out.ts';
import { nearMisses } from '../../db/near-misses.ts';
import { deleteRecords } from '../../jobs/delete-records.ts';
import { checkAccountName, chooseEntity, chooseSource, knownEntities } from '../../operations/choose-entity.ts';
import { sortIds } from '../../operations/read-ids.ts';
import { UsageError } from '../../operations/usage-error.ts';
import type { EntityDefinition } from '../../sources/define-source.ts';
import { askYes, canAsk } from '../ask-yes.ts';
import { deleteWords } from '../delete-words.ts';
import { type Call, runCommand } from '../run-command.ts';
import type { Runtime } from '../runtime.ts';
import { type Meant, showDelete, showMeant } from '../show-delete.ts';

interface Options {
  source?: string;
  account?: string;
  yes?: boolean;
  keepOut?: boolean;
  letIn?: boolean;
}

const EXAMPLES = `
Examples:
  ./pmsync delete bookings 450490, 450491 --source rentprog
  ./pmsync delete bookings 17 --source rentprog --account tbilisi --keep-out --yes
  ./pmsync delete bookings 450490 --source rentprog --let-in

Only here, never at the source. What the source still lists comes back with the next sync, unless --keep-out.
Exit code 0: all deleted. 1: some were not (unknown, ambiguous, or others refer to them). 2: nobody to ask and no --yes.`;

export function registerDelete(program: Command): void {
  program
    .command('delete')
    .description('deletes records here, by external id or by booking number')
    .argument('<entity>', 'e.g. bookings')
    .argument('<ids or numbers...>', 'between blanks or commas')
    .option('--source <name>', 'the source; needed where the settings have several')
    .option('--account <name>', 'records of this account only')
    .option('--yes', 'do not ask')
    .option('--keep-out', 'no sync may bring them back')
    .option('--let-in', 'lift --keep-out of these external ids again; deletes nothing')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(
      runCommand<Options>(async (call) => {
        const { args, options, open, out, language } = call;
        const { ids, wrong } = sortIds(args[1] as string[]);
        if (options.letIn && (options.keepOut || options.yes))
          throw new UsageError('--let-in goes without --keep-out and --yes.');
        const runtime = await open();
        const source = chooseSource(runtime, options.source);
        const entity = chooseEntity(source, String(args[0]));
        checkAccountName(runtime, source, options.account);
        if (options.letIn) return liftKeptOut(call, runtime, source.name, entity.name, { ids, wrong });

        const meant = await findMeant(runtime, source.name, entity, options.account, { ids, wrong });
        const say = deleteWords(language);
        if (meant.records.length > 0 && !options.yes) {
          showMeant(out.note, language, meant.records);
          if (!canAsk()) throw new UsageError(say.needsYes);
          if (!(await askYes(say.ask(meant.records.length), new RegExp(say.yes, 'i')))) {
            out.note(say.nothing);
            return 1;
          }
        }
        const keepOut = options.keepOut ?? false;
        const order = { source: source.name, entity: entity.name, keepOut, actor: shellUser() };
        const records = await deleteRecords(runtime.context, order, meant.records);
        showDelete(out, language, { ...meant, source: source.name, entity: entity.name, keep_out: keepOut, records });
        const others = meant.ambiguous.length + meant.unknown.length + meant.wrong.length;
        return others === 0 && records.every(({ deletion }) => deletion.deleted) ? 0 : 1;
      }),
    );
}

/** What is no id, not known or not clear is named; it does not stop the others. */
async function findMeant(
  runtime: Runtime,
  source: string,
  entity: EntityDefinition,
  account: string | undefined,
  { ids, wrong }: { ids: string[]; wrong: string[] },
): Promise<Meant> {
  const { db } = runtime.connection;
  const found = Map.groupBy(await findTyped(db, entity, { source, account }, ids), ({ typed }) => typed);
  const missing = ids.filter((id) => !found.has(id));
  const misses = await nearMisses(db, { source, entity: entity.name, account }, knownEntities(runtime), missing);
  const records = new Map<string, TypedRecord>();
  const ambiguous: Meant['ambiguous'] = [];
  for (const typed of ids) {
    const candidates = found.get(typed) ?? [];
    if (candidates.length > 1) ambiguous.push({ typed, candidates });
    // The same record may have been meant by its id and by its number.
    for (const record of candidates.length === 1 ? candidates : [])
      records.set(`${record.scope} ${record.external_id}`, record);
  }
  const unknown = missing.map((typed) => ({ typed, near_misses: misses.get(typed) ?? [] }));
  return { records: [...records.values()], ambiguous, unknown, wrong };
}

async function liftKeptOut(
  { out, language, options }: Call<Options>,
  { connection }: Runtime,
  source: string,
  entity: string,
  { ids, wrong }: { ids: string[]; wrong: string[] },
): Promise<number> {
  const say = deleteWords(language);
  const lifted = await letIn(connection.db, { source, entity, account: options.account }, ids, shellUser());
  const here = new Set(lifted.map((record) => record.external_id));
  const notKeptOut = [...ids.filter((id) => !here.has(id)), ...wrong];
  if (out.json) out.data({ source, entity, let_in: lifted, not_kept_out: notKeptOut });
  for (const { external_id: id } of lifted) out.line(`${id}  ${say.letIn}`);
  for (const id of notKeptOut) out.line(`${id}  ${out.paint('yellow', say.notKeptOut)}`);
  return notKeptOut.length > 0 ? 1 : 0;
}
