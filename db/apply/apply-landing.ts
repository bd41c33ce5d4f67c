import type { EntityDefinition } from '../../sources/define-source.ts';
import { type Landing, type LandingResult, writeLanding } from '../landing/land-records.ts';
import { unpackPayload } from '../packed-payload.ts';
import { type RunDeltas, tally } from '../runs/ledger.ts';
import type { Trx } from '../transaction.ts';
import { type Applied, applyLocked } from './apply-records.ts';
import type { ApplyTarget } from './target.ts';

/** What records of one entity are applied with. */
export interface Apply {
  target: ApplyTarget;
  entity: EntityDefinition;
  /** Whether so many new or changed records are applied at all; default yes. */
  when?: (changed: number) => boolean;
}

export interface AppliedLanding {
  result: LandingResult;
  /** What has landed only is among those to be applied next. */
  applied: Applied;
  /** For the ledger, which is moved last. */
  changes: Map<string, RunDeltas>;
}

/**
 * Lands records and applies what is new or changed in the same transaction, with the payloads at hand: each row is written
 * once and nothing is read back. Without `apply` they only land.
 */
export async function applyLanding(trx: Trx, landing: Landing, apply: Apply | undefined): Promise<AppliedLanding> {
  const { scope, account, runId } = landing;
  const applies = (changed: number) => apply !== undefined && (apply.when?.(changed) ?? true);
  const { changes: landed, ...result } = await writeLanding(trx, landing, applies);
  if (!apply || !result.applies) return { result, applied: leftToApply(landing, result), changes: landed };
  const rows = result.landed.map(({ externalId, json }) => ({
    external_id: externalId,
    account,
    payload: () => unpackPayload(json),
    run_id: runId,
    waits_for: null,
    is_partial: false,
  }));
  const options = { landedApplied: true };
  const { changes, ...applied } = await applyLocked(trx, apply.target, apply.entity, scope, rows, options);
  const ledger = tally(landed);
  ledger.addAll(changes);
  return { result, applied, changes: ledger.changes };
}

function leftToApply({ source, scope, entity, account }: Landing, { landed }: LandingResult): Applied {
  const upserts = landed.map(({ externalId, version }) => ({
    key: { source, scope, entity, externalId },
    account,
    version,
  }));
  return { outcomes: new Map(), upserts, wanted: new Set() };
}
