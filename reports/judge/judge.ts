import type { DayCause } from '../../db/report/read-causes.ts';
import type { Evidence } from '../../db/report/read-evidence.ts';
import type { NeighbourReading } from '../../db/report/read-reading.ts';
import type { EntityDefinition } from '../../sources/define-source.ts';
import type { Action, EvidenceFacts, Scenario } from '../report.ts';
import type { ScenarioCode } from '../words/scenario-words.ts';

/** What the explanations of a cause are judged by. */
export interface Judged {
  source: string;
  account: string;
  cause: DayCause;
  evidence: Evidence;
  /** Accounts of the source in the settings. */
  accounts: readonly string[];
  /** How the others fared on that day. */
  neighbours: readonly NeighbourReading[];
  /** Of the record, or of the parent where the cause is one. */
  entity: EntityDefinition | undefined;
}

/** Explanations, the likeliest first, and what to do while something is left to do. */
export interface Judgement {
  scenarios: Scenario[];
  actions: Action[];
}

export const applies = (code: ScenarioCode, evidence: EvidenceFacts): Scenario => ({
  code,
  verdict: 'applies',
  evidence,
});
export const possible = (code: ScenarioCode, evidence: EvidenceFacts): Scenario => ({
  code,
  verdict: 'possible',
  evidence,
});
export const ruledOut = (code: ScenarioCode, evidence: EvidenceFacts): Scenario => ({
  code,
  verdict: 'ruled_out',
  evidence,
});

/** Whether the other accounts of the source could be read on that day. */
export function neighbourEvidence({ neighbours }: Judged): EvidenceFacts {
  const worked = neighbours.filter(({ worked: runs }) => runs > 0).map(({ account }) => account);
  if (worked.length > 0) return { code: 'neighbours_worked', names: worked };
  const failed = neighbours.map(({ account }) => account);
  return failed.length > 0 ? { code: 'neighbours_failed', names: failed } : { code: 'no_neighbours' };
}

/** HTTP status of the vendor's answer, where there was one. */
export function statusOf({ cause }: Judged): number | undefined {
  const { status } = cause.details;
  return typeof status === 'number' ? status : undefined;
}
