import type { Account, EntityDefinition, FetchContext, SourceDefinition } from '../../../sources/define-source.ts';
import { connectSource } from '../../../sources/http.ts';
import { recordsOfPage } from '../../../sources/records-of-page.ts';
import { simulatedAccounts } from '../../support/simulated-accounts.ts';

const RECORDS = 20;
const SEED = 3;
const MOST_PAGES = 12;

export type Fields = Record<string, unknown>;
export interface Seeds {
  account: Account;
  entity: EntityDefinition;
  records: Fields[];
}

/** Good records of every entity of a source, of its first account, as its simulator sends them. */
export async function seedsOf(source: SourceDefinition): Promise<Seeds[]> {
  const simulation = await source.simulate!({ records: RECORDS, seed: SEED });
  const [account] = simulatedAccounts(source, simulation) as [Account];
  const connection = connectSource(source, account);
  try {
    const context = { account, http: connection.open() };
    const seeds: Seeds[] = [];
    for (const entity of source.entities)
      seeds.push({ account, entity, records: await readSome(context, source, entity) });
    return seeds;
  } finally {
    await connection.endSession();
    connection.close();
    await simulation.close();
  }
}

async function readSome(context: FetchContext, source: SourceDefinition, entity: EntityDefinition): Promise<Fields[]> {
  const { listing, one } = entity;
  const { account } = context;
  const today = new Date().toLocaleDateString('sv', { timeZone: account.timezone });
  const tokens = listing.first({ account, mode: 'full', today, since: null, resume: null, period: null });
  const records: Fields[] = [];
  for (let at = 0; at < tokens.length && records.length < RECORDS; at += 1) {
    const page = await listing.fetch(context, tokens[at]!);
    tokens.push(...page.next.slice(0, MOST_PAGES));
    const rows = recordsOfPage(source.entities, entity, page) as Fields[];
    for (const row of rows.slice(0, RECORDS)) {
      const found = listing.idsOnly && one ? await one.fetch(context, entity.key(row)!) : { record: row };
      if ('record' in found) records.push(found.record as Fields);
    }
  }
  return records;
}
