import { pmsync } from '../command.ts';
import type { Action, EvidenceFacts, Scenario } from '../report.ts';
import { applies, type Judged, type Judgement, neighbourEvidence, possible, ruledOut, statusOf } from './judge.ts';

const FORBIDDEN = 403;

/** The account's credentials are refused. */
export function judgeUnauthorized(judged: Judged): Judgement {
  const { evidence } = judged;
  const status = statusOf(judged) ?? (judged.cause.message.includes('(403)') ? FORBIDDEN : 401);
  const answered: EvidenceFacts = { code: 'vendor_answered', count: status };
  const before = evidence.read_before;
  const history: EvidenceFacts = before
    ? { code: 'worked_before', at: before.toISOString() }
    : { code: 'never_worked' };
  const scenarios: Scenario[] = [];
  if (status === FORBIDDEN) scenarios.push(applies('no_right', answered), possible('token_revoked', history));
  else if (before) scenarios.push(applies('token_revoked', history), ruledOut('token_mistyped', history));
  else scenarios.push(possible('token_mistyped', history), possible('token_revoked', history));
  const others = neighbourEvidence(judged);
  scenarios.push((others.code === 'neighbours_worked' ? ruledOut : possible)('vendor_sign_in_broken', others));
  scenarios.push(ruledOut('vendor_down', answered), ruledOut('network', answered));
  return { scenarios, actions: leftToDo(judged, 'new_token') };
}

/** The vendor understands the request and refuses it. */
export function judgeRejected(judged: Judged): Judgement {
  const status = statusOf(judged);
  const answered: EvidenceFacts = status ? { code: 'vendor_answered', count: status } : { code: 'vendor_understood' };
  const before = judged.evidence.read_before;
  const scenarios: Scenario[] = [];
  if (before) {
    const worked: EvidenceFacts = { code: 'worked_before', at: before.toISOString() };
    scenarios.push(possible('api_changed', worked), possible('wrong_address', { code: 'look_there' }));
  } else {
    scenarios.push(
      possible('wrong_address', { code: 'never_worked' }),
      possible('api_changed', { code: 'never_worked' }),
    );
  }
  scenarios.push(ruledOut('token_revoked', answered), ruledOut('vendor_down', answered), ruledOut('network', answered));
  return { scenarios, actions: leftToDo(judged, 'correct_address') };
}

function leftToDo({ source, account, cause }: Judged, first: 'new_token' | 'correct_address'): Action[] {
  if (cause.now.needs_look === 0) return [];
  return [
    { code: first, command: null },
    { code: 'check', command: pmsync('check', [], { source }) },
    { code: 'sync', command: pmsync('sync', [], { source, account, wait: true }) },
  ];
}
