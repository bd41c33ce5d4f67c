import { type Paused, type PauseTarget, readPauses, removePause, writePause } from '../db/pauses.ts';
import { keepPauses, type PauseChange } from '../jobs/keep-pauses.ts';
import type { By, OperationsContext } from './context.ts';
import { chooseTargets } from './targets.ts';
import { within } from './within.ts';

export type { Paused, PauseTarget };

export interface PauseOrder {
  source: string;
  account: string;
  /** Without it the whole account. */
  entity?: string | null | undefined;
}

export interface PauseReceipt extends PauseTarget {
  /** False when it was so already. */
  changed: boolean;
  /** What of the account is paused now. */
  paused: Paused[];
  /** Null when the queue does not answer: then the scheduler sees to it once it does. */
  queues: PauseChange[] | null;
}

const PATIENCE_MS = 3000;

/**
 * Stops an account: no scheduled run is opened, and its fetch queues stand still; webhooks are written down and wait. Of an
 * entity only the runs are not opened: its account's queues go on for the others. Throws `UnknownName`.
 */
export function pause(context: OperationsContext, order: PauseOrder, by: By): Promise<PauseReceipt> {
  return change(context, order, by, writePause);
}

/** Lets everything that has waited go on. A pause of the account and one of its entity are lifted each for itself. */
export function resume(context: OperationsContext, order: PauseOrder, by: By): Promise<PauseReceipt> {
  return change(context, order, by, removePause);
}

async function change(
  context: OperationsContext,
  order: PauseOrder,
  { actor, reason = null }: By,
  write: typeof writePause,
): Promise<PauseReceipt> {
  const { db } = context;
  const target = targetOf(context, order);
  const { source, account } = target;
  const changed = await write(db, target, { actor, reason });
  const queues = await within(PATIENCE_MS, keepPauses(context, { source, account })).catch(() => undefined);
  const paused = (await readPauses(db)).filter((one) => one.source === source && one.account === account);
  return { ...target, changed, paused, queues: queues ?? null };
}

/** An entity that comes with another one has no runs of its own: that other one is meant. */
function targetOf({ settings, sources }: OperationsContext, { source, account, entity }: PauseOrder): PauseTarget {
  const [first] = chooseTargets(settings, sources, { source, account, entity: entity ?? undefined });
  return { source, account, entity: entity ? (first?.entity ?? entity) : null };
}
