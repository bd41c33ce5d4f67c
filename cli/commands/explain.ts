import type { Command } from 'commander';
import { readKeptOut } from '../../db/kept-out.ts';
import { maskPayload } from '../../db/mask-payload.ts';
import { nearMisses } from '../../db/near-misses.ts';
import { databaseNow } from '../../db/now.ts';
import { WHOLE_SOURCE } from '../../db/record-key.ts';
import { type RecordStory, readStories } from '../../db/story.ts';
import { readRecordJobs } from '../../jobs/record-jobs.ts';
import type { EntityDefinition } from '../../sources/define-source.ts';
import { askSource, type LiveAnswer } from '../ask-source.ts';
import { accountNames, checkAccountName, chooseEntity, chooseSource, knownEntities } from '../choose-entity.ts';
import { parseIds } from '../read-ids.ts';
import { runCommand } from '../run-command.ts';
import type { Runtime } from '../runtime.ts';
import { type Explanation, showExplanation, type ToldStory } from '../show-story.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  source?: string;
  account?: string;
  live?: boolean;
}

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description("a record's whole story: landing, runs, issues, what it waits for")
    .argument('<entity>', 'e.g. bookings')
    .argument('<external id>', 'its id at the source (not the number on its page)')
    .option('--source <name>', 'the source; needed where the settings have several')
    .option('--account <name>', 'this account only')
    .option('--live', 'ask the source what it says now; nothing is stored')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ./pmsync explain bookings 450490 --source rentprog --live')
    .action(
      runCommand<Options>(async ({ args, options, open, out, language }) => {
        const [externalId, ...others] = parseIds([String(args[1])]);
        if (externalId === undefined || others.length > 0) throw new UsageError('explain takes one external id.');
        const runtime = await open();
        const { db } = runtime.connection;
        const source = chooseSource(runtime, options.source);
        const entity = chooseEntity(source, String(args[0]));
        checkAccountName(runtime, source, options.account);

        const asked = { source: source.name, entity: entity.name, account: options.account };
        const stories = await readStories(db, source.name, entity, externalId, options.account);
        const misses =
          stories.length > 0 ? undefined : await nearMisses(db, asked, knownEntities(runtime), [externalId]);
        const explanation: Explanation = {
          at: await databaseNow(db),
          source: source.name,
          entity: entity.name,
          external_id: externalId,
          stories: await Promise.all(stories.map((story) => tell(runtime, source.name, entity, externalId, story))),
          near_misses: misses?.get(externalId) ?? [],
          kept_out: await readKeptOut(db, asked, [externalId]),
          live: options.live ? await live(runtime, source.name, entity, externalId, options.account, stories) : null,
        };
        if (out.json) out.data(explanation);
        else showExplanation(out, language, explanation);
        return stories.length > 0 ? 0 : 1;
      }),
    );
}

/** A story as it may be shown: payload and row masked, with the state of its jobs. */
async function tell(
  { context }: Runtime,
  source: string,
  entity: EntityDefinition,
  externalId: string,
  { record, row, ...rest }: RecordStory,
): Promise<ToldStory> {
  const { payload, ...landing } = record;
  const key = { source, scope: record.scope, entity: entity.name, externalId };
  const { source: _source, account: _account, external_id: _externalId, ...columns } = row ?? {};
  return {
    ...rest,
    record: landing,
    table: entity.table,
    row: row && maskPayload(columns).filter((column) => column.type !== 'null'),
    payload: payload === null ? null : maskPayload(payload),
    jobs: await readRecordJobs(context, key, record),
  };
}

async function live(
  runtime: Runtime,
  source: string,
  entity: EntityDefinition,
  externalId: string,
  account: string | undefined,
  stories: readonly RecordStory[],
): Promise<LiveAnswer[]> {
  const { one } = entity;
  if (!one) throw new UsageError(`${source} has no way to read one of its ${entity.name}; leave --live out.`);
  const landed = stories[0]?.record;
  // Its own account first; ids that belong to an account mean nothing at another.
  const all = [landed?.account, ...accountNames(runtime, source)].filter((name) => name !== undefined);
  const known = entity.scope === 'account' && landed && landed.scope !== WHOLE_SOURCE ? [landed.account] : all;
  const accounts = account === undefined ? [...new Set(known)] : [account];
  return askSource(runtime, source, { ...entity, one }, externalId, accounts, landed?.payload ?? null);
}
