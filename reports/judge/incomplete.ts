import { pmsync } from '../command.ts';
import type { Action, EvidenceFacts, Scenario } from '../report.ts';
import { applies, type Judged, type Judgement, possible, ruledOut } from './judge.ts';

/** How the brake's issue ends when a person has let the deletes pass. */
const CONFIRMED = 'the deletes were confirmed';

/** More records are not at the source any more than may be deleted without asking. */
export function judgeDeleteBrake(judged: Judged): Judgement {
  const { cause, source, account } = judged;
  const { deletes, live, known, percent } = cause.details;
  const held: EvidenceFacts = {
    code: 'brake_held',
    count: Number(deletes ?? 0),
    total: Number(live ?? known ?? 0),
    ...(typeof percent === 'number' && { percent }),
  };
  const ended: EvidenceFacts = { code: 'ended_with', names: [cause.resolution ?? ''] };
  const confirmed = cause.resolution === CONFIRMED;
  const scenarios: Scenario[] =
    cause.resolution === null
      ? [possible('list_incomplete', held), possible('really_deleted', held)]
      : [
          (confirmed ? ruledOut : applies)('list_incomplete', ended),
          (confirmed ? applies : ruledOut)('really_deleted', ended),
        ];
  scenarios.push(ruledOut('broken_off', { code: 'list_read_to_end' }));
  if (cause.now.needs_look === 0) return { scenarios, actions: [] };
  const { entity } = cause;
  const sample = (cause.details.sample as string[] | undefined)?.[0];
  const actions: Action[] = [];
  const isSet = cause.name !== '';
  if (sample !== undefined && !isSet)
    actions.push({ code: 'look_at_sample', command: pmsync('explain', [entity, sample], { source, live: true }) });
  actions.push({ code: 'brake_leave', command: null });
  const full = { source, account, entity, full: true, 'confirm-deletes': true, wait: true } as const;
  if (!isSet) {
    const fix = { source, account, fix: true, 'confirm-deletes': true } as const;
    actions.push({ code: 'confirm_deletes', command: pmsync('compare', [entity], fix) });
  }
  actions.push({ code: 'confirm_deletes_full', command: pmsync('sync', [], full) });
  return { scenarios, actions };
}

/** A run that is not complete, for a reason that no issue tells. */
export function judgeBrokenRun(judged: Judged): Judgement {
  const { cause, evidence, source, account } = judged;
  const { parked = 0, pages_failed: failed = 0, quarantined = 0 } = cause.details as Record<string, number>;
  const scenarios: Scenario[] = [];
  if (failed > 0)
    scenarios.push(
      applies('some_pages', { code: 'pages', count: failed, total: failed + (evidence.run?.pages_done ?? 0) }),
    );
  if (parked > 0) scenarios.push(applies('parents_on_their_way', { code: 'parked', count: parked }));
  if (quarantined > 0) scenarios.push(applies('records_set_aside', { code: 'quarantined', count: quarantined }));
  if (cause.detail !== '') scenarios.push(applies('run_says', { code: 'own_words' }));
  if (evidence.read_after)
    scenarios.push(ruledOut('lasting_outage', { code: 'read_after', at: evidence.read_after.toISOString() }));
  const wait = { source, account, entity: cause.entity, wait: true } as const;
  const actions: Action[] = [];
  if (cause.now.needs_look > 0) actions.push({ code: 'sync', command: pmsync('sync', [], wait) });
  else if (cause.now.waiting > 0)
    actions.push({ code: 'wait_parents', command: pmsync('status', [], { source, account }) });
  return { scenarios, actions };
}
