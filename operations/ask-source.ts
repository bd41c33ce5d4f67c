import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { jsonText } from '../db/json.ts';
import { paceMs } from '../jobs/fetch-queue.ts';
import { redactText } from '../log/redact.ts';
import type { EntityDefinition, One } from '../sources/define-source.ts';
import { SourceError } from '../sources/errors.ts';
import type { OperationsContext } from './context.ts';

/** What an account says of a record at this moment. */
export interface LiveAnswer {
  account: string;
  answer: 'found' | 'absent' | 'error';
  note: string;
  requests: number;
  latency_ms: number;
  /** Fields of the payload that are not as they were landed; null when there is nothing to compare. */
  different: string[] | null;
}

const MOST_PAGES = 20;

type AskContext = Pick<OperationsContext, 'settings' | 'vendor'>;

/** Asks one account after the other until one has the record, at the pace that its budget allows. Nothing is stored. */
export async function askSource(
  context: AskContext,
  source: string,
  entity: EntityDefinition & { one: One },
  externalId: string,
  accounts: readonly string[],
  landed: unknown,
): Promise<LiveAnswer[]> {
  const answers: LiveAnswer[] = [];
  for (const account of accounts) {
    const answer = await askAccount(context, source, entity, externalId, account, landed);
    answers.push(answer);
    if (answer.answer === 'found') break;
  }
  return answers;
}

async function askAccount(
  context: AskContext,
  source: string,
  { one }: { one: One },
  externalId: string,
  account: string,
  landed: unknown,
): Promise<LiveAnswer> {
  const limit = context.settings.sources.find((known) => known.name === source)?.limits[one.rateClass];
  const vendor = context.vendor(source, account, one.rateClass);
  const startedAt = performance.now();
  const measured = () => ({
    account,
    requests: vendor.http.requests(),
    latency_ms: Math.round(performance.now() - startedAt),
  });
  try {
    let page: string | undefined;
    for (let turn = 1; turn <= MOST_PAGES; turn += 1) {
      const found = await one.fetch(vendor, externalId, page);
      if ('record' in found)
        return { ...measured(), answer: 'found', note: '', different: differentFields(landed, found.record) };
      if ('absent' in found) return { ...measured(), answer: 'absent', note: found.absent, different: null };
      page = found.more;
      if (limit) await wait(paceMs(limit));
    }
    return { ...measured(), answer: 'absent', note: `not on ${MOST_PAGES} pages`, different: null };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { ...measured(), answer: 'error', note: redactText(error.message), different: null };
  }
}

/** Names of top-level fields whose values differ, whatever the order of keys inside. */
export function differentFields(landed: unknown, live: unknown): string[] | null {
  if (landed === null || typeof landed !== 'object') return null;
  const before = landed as Record<string, unknown>;
  const now = JSON.parse(jsonText(live)) as Record<string, unknown>;
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now ?? {})])];
  return fields.filter((field) => !isDeepStrictEqual(before[field], now?.[field])).sort();
}
