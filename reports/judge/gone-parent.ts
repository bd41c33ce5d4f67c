import type { TrailStep } from '../../db/lookups.ts';
import { pmsync } from '../command.ts';
import type { Action, EvidenceFacts, Scenario } from '../report.ts';
import { applies, type Judged, type Judgement, possible, ruledOut } from './judge.ts';

const KEPT_OUT = 'kept out by an operator';

/** Records stored without a parent that no account has. */
export function judgeGoneParent(judged: Judged): Judgement {
  const { cause, evidence, accounts, entity } = judged;
  const trail = trailOf(judged);
  const steps = trail.map(({ account, at, answer }) => ({ account, at, answer }));
  const asked: EvidenceFacts = { code: 'asked_by_id', count: new Set(steps.map(({ account }) => account)).size, steps };
  if (evidence.parent?.state === 'applied') return { scenarios: parentCame(judged, asked), actions: leftToDo(judged) };
  if (trail.some(({ note }) => note === KEPT_OUT)) {
    const command = pmsync('delete', [cause.entity, cause.name], { source: judged.source, 'let-in': true });
    return {
      scenarios: [applies('kept_out', { code: 'kept_out' })],
      actions: [{ code: 'let_in', command }, ...leftToDo(judged)],
    };
  }
  const absent: EvidenceFacts = { code: 'all_absent', steps };
  const unasked = accounts.filter((account) => !steps.some((step) => step.account === account));
  const silent = steps.filter(({ answer }) => answer === 'unavailable').map(({ account }) => account);
  const scenarios: Scenario[] = [];
  scenarios.push(possible('parent_deleted', absent));
  scenarios.push(possible('wrong_reference', { code: 'look_there' }));
  if (entity?.scope === 'account') scenarios.push(ruledOut('parent_elsewhere', { code: 'one_account_only' }));
  else if (unasked.length > 0) scenarios.push(possible('parent_elsewhere', { code: 'not_asked', names: unasked }));
  else scenarios.push(possible('parent_elsewhere', { code: 'all_known_asked', names: [...accounts] }));
  if (silent.length > 0) scenarios.push(possible('silent_account', { code: 'silent', names: silent }));
  else if (steps.length > 0)
    scenarios.push(ruledOut('silent_account', { code: 'everyone_answered', count: asked.count ?? 0 }));
  scenarios.push(ruledOut('parent_late', asked), ...wholeSync(judged));
  return { scenarios, actions: leftToDo(judged) };
}

/** It turned up after all, so it was never gone for good. */
function parentCame({ evidence }: Judged, asked: EvidenceFacts): Scenario[] {
  const at = evidence.parent?.applied_at;
  const here: EvidenceFacts = { code: 'parent_here', ...(at && { at: at.toISOString() }) };
  return [applies('parent_came_later', here), ruledOut('parent_deleted', here), ruledOut('parent_late', asked)];
}

function wholeSync({ evidence }: Judged): Scenario[] {
  const { run } = evidence;
  const passed = run ? run.applied + run.unchanged : 0;
  if (!run || passed === 0) return [];
  return [ruledOut('sync_broken', { code: 'others_passed', count: passed, total: run.fetched })];
}

/** What the look-up was answered, as the newest of the issues has kept it. */
function trailOf({ cause }: Judged): TrailStep[] {
  const parents = cause.details.parents as
    | { entity: string; external_id: string; trail?: TrailStep[] | null }[]
    | undefined;
  const parent = parents?.find((each) => each.entity === cause.entity && each.external_id === cause.name);
  return parent?.trail ?? [];
}

function leftToDo({ source, account, cause, entity, evidence }: Judged): Action[] {
  if (cause.now.needs_look === 0) return [];
  const { entity: parentEntity, name, records, problems } = cause;
  const actions: Action[] = [];
  const first = records[0];
  if (entity?.one && evidence.parent?.state !== 'applied')
    actions.push({ code: 'ask_for_parent', command: pmsync('explain', [parentEntity, name], { source, live: true }) });
  if (first) {
    const command = pmsync('explain', [first.entity, first.external_id], { source, live: true });
    actions.push({ code: 'look_at_record', command });
  }
  actions.push({ code: 'correct_reference', command: null });
  const same = records.filter((record) => record.entity === first?.entity);
  const all = same.length === problems && first;
  const command = all
    ? pmsync('requeue', [first.entity, ...same.map((record) => record.external_id)], { source })
    : pmsync('requeue', [], { failed: true, source, account });
  actions.push({ code: 'requeue', command });
  if (entity?.scope === 'source') actions.push({ code: 'add_account', command: pmsync('check', [], { source }) });
  return actions;
}
