import { pmsync } from '../command.ts';
import type { Action, EvidenceFacts, Scenario } from '../report.ts';
import { applies, type Judged, type Judgement, neighbourEvidence, possible, ruledOut, statusOf } from './judge.ts';

/** Pages that did not come, however often they were asked for. `name` says how the vendor failed. */
export function judgeUnavailable(judged: Judged): Judgement {
  const { cause, evidence } = judged;
  const status = statusOf(judged);
  const others = neighbourEvidence(judged);
  const answered: EvidenceFacts = status ? { code: 'vendor_answered', count: status } : { code: 'vendor_answer_bad' };
  const silence: EvidenceFacts = { code: cause.name === 'timeout' ? 'no_answer_in_time' : 'no_answer' };
  const scenarios: Scenario[] = [];
  if (cause.name === 'answered') scenarios.push(applies('vendor_down', answered), ruledOut('network', answered));
  else if (cause.name === 'nonsense')
    scenarios.push(applies('vendor_nonsense', answered), ruledOut('network', answered));
  else {
    const isOurs = others.code === 'neighbours_worked' ? ruledOut : possible;
    scenarios.push(possible('vendor_down', silence), possible('network', silence), isOurs('our_network', others));
  }
  const { run } = evidence;
  if (run && run.pages_done > 0 && run.pages_failed > 0)
    scenarios.push(
      applies('some_pages', { code: 'pages', count: run.pages_failed, total: run.pages_done + run.pages_failed }),
    );
  scenarios.push(ruledOut('token_revoked', cause.name === 'answered' ? answered : { code: 'would_be_401' }));
  if (evidence.read_after) {
    const after: EvidenceFacts = { code: 'read_after', at: evidence.read_after.toISOString() };
    scenarios.push(ruledOut('lasting_outage', after));
  }
  return { scenarios, actions: leftToDo(judged) };
}

/** The vendor gives us no session: its licence is taken, or it asks to wait. */
export function judgeSession(judged: Judged): Judgement {
  return {
    scenarios: [
      applies('licence_taken', { code: 'vendor_answer_wait' }),
      ruledOut('network', { code: 'vendor_answer_wait' }),
      ruledOut('token_revoked', { code: 'would_be_401' }),
    ],
    actions: leftToDo(judged),
  };
}

/** A missing record that not every account could be asked for; `name` lists the accounts that gave no answer. */
export function judgeSilentLookUp(judged: Judged): Judgement {
  const { cause, source } = judged;
  const names = cause.name === '' ? [] : cause.name.split(', ');
  const silent: EvidenceFacts = names.length > 0 ? { code: 'silent', names } : { code: 'some_silent' };
  const isRefused = /\((401|403)\)/.test(cause.message);
  const scenarios = [
    (isRefused ? applies : possible)('silent_token', silent),
    (isRefused ? ruledOut : possible)('vendor_down', isRefused ? { code: 'vendor_answered', count: 401 } : silent),
    possible('parent_deleted', { code: 'nobody_may_say' }),
  ];
  const actions: Action[] =
    cause.now.needs_look + cause.now.waiting === 0
      ? []
      : [
          ...(isRefused ? [{ code: 'new_token', command: null } as const] : []),
          { code: 'check', command: pmsync('check', [], { source }) },
          { code: 'wait_look_up', command: null },
        ];
  return { scenarios, actions };
}

function leftToDo({ source, account, cause }: Judged): Action[] {
  if (cause.now.needs_look + cause.now.waiting === 0) return [];
  const actions: Action[] = [{ code: 'check', command: pmsync('check', [], { source }) }];
  if (cause.now.needs_look === 0) return [...actions, { code: 'wait_next_run', command: null }];
  const [entity, ...more] = cause.entities;
  const only = entity !== undefined && more.length === 0 ? { entity } : {};
  return [...actions, { code: 'sync', command: pmsync('sync', [], { source, account, ...only, wait: true }) }];
}
