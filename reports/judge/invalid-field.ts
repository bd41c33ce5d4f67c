import { pmsync } from '../command.ts';
import type { Action, EvidenceFacts, Scenario } from '../report.ts';
import { applies, type Judged, type Judgement, possible, ruledOut } from './judge.ts';

/** Fewer records than that may fail together by chance. */
const MANY = 3;

/** Records set aside because of a value that cannot be stored. */
export function judgeInvalidField(judged: Judged): Judgement {
  const { cause } = judged;
  if (cause.name === '(account)') {
    return {
      scenarios: [applies('account_removed', { code: 'not_in_settings', names: [judged.account] })],
      actions: leftToDo(judged, [
        { code: 'put_account_back', command: pmsync('check', [], { source: judged.source }) },
      ]),
    };
  }
  const byDatabase = /\(found SQLSTATE (\w{5})\)$/.exec(cause.detail)?.[1];
  const scenarios = byDatabase
    ? [applies('database_rule', { code: 'sql_state', names: [byDatabase] }), possible('mapping_wrong', lookThere)]
    : [...formatOrValue(judged), ruledOut('damaged_on_the_way', { code: 'page_was_whole' })];
  return { scenarios, actions: leftToDo(judged) };
}

const lookThere: EvidenceFacts = { code: 'look_there' };

/** The vendor sends the field in another way, or these few records alone are odd. */
function formatOrValue({ cause, evidence }: Judged): Scenario[] {
  const { run, field, new_fields: fresh } = evidence;
  const scenarios: Scenario[] = [];
  const seen: EvidenceFacts | undefined = field
    ? { code: 'field_seen_as', names: field.types, at: field.first_seen_at.toISOString() }
    : undefined;
  if (run && run.applied === 0 && run.quarantined >= MANY) {
    const none: EvidenceFacts = { code: 'none_passed', count: run.quarantined, total: run.fetched };
    scenarios.push(applies('format_changed', fresh.length > 0 ? { code: 'new_fields', names: fresh } : none));
    scenarios.push(possible('mapping_wrong', seen ?? lookThere));
    scenarios.push(ruledOut('single_value', none));
    return scenarios;
  }
  const passed = run ? run.applied + run.unchanged : 0;
  if (run && passed > 0) {
    const others: EvidenceFacts = { code: 'others_passed', count: passed, total: run.fetched };
    scenarios.push(applies('single_value', others));
    if (fresh.length > 0) scenarios.push(possible('format_changed', { code: 'new_fields', names: fresh }));
    else scenarios.push(ruledOut('format_changed', others));
  } else {
    scenarios.push(possible('single_value', { code: 'records_failed', count: cause.problems }));
    scenarios.push(
      possible('format_changed', fresh.length > 0 ? { code: 'new_fields', names: fresh } : (seen ?? lookThere)),
    );
  }
  scenarios.push(possible('mapping_wrong', seen ?? lookThere));
  return scenarios;
}

function leftToDo({ source, account, cause, entity }: Judged, first: Action[] = []): Action[] {
  if (cause.now.needs_look === 0) return [];
  const [record] = cause.records;
  const ids = cause.records.map((each) => each.external_id);
  const isAll = ids.length === cause.problems;
  const refetch = entity?.one ? ({ refetch: true } as const) : {};
  const again: Action = {
    code: 'requeue',
    command: isAll
      ? pmsync('requeue', [cause.entity, ...ids], { source, ...refetch })
      : pmsync('requeue', [cause.entity], { failed: true, source, account }),
  };
  if (first.length > 0) return [...first, again];
  const actions: Action[] = [];
  if (record)
    actions.push({
      code: 'look_at_record',
      command: pmsync('explain', [record.entity, record.external_id], { source, ...(entity?.one && { live: true }) }),
    });
  actions.push({ code: 'look_at_fields', command: pmsync('analyze', [], { source, entity: cause.entity }) });
  actions.push({ code: 'correct_value', command: null });
  actions.push(again);
  return actions;
}
