import { judgeGoneParent } from './gone-parent.ts';
import { judgeBrokenRun, judgeDeleteBrake } from './incomplete.ts';
import { judgeInvalidField } from './invalid-field.ts';
import type { Judged, Judgement } from './judge.ts';
import { judgeRejected, judgeUnauthorized } from './refused.ts';
import { judgeSession, judgeSilentLookUp, judgeUnavailable } from './unavailable.ts';

/** What may have caused the problems of a cause, what speaks for and against it, and what to do. */
export function judgeCause(judged: Judged): Judgement {
  switch (judged.cause.kind) {
    case 'gone_parent':
      return judgeGoneParent(judged);
    case 'invalid_field':
      return judgeInvalidField(judged);
    case 'unauthorized':
      return judgeUnauthorized(judged);
    case 'rejected':
      return judgeRejected(judged);
    case 'unavailable':
      return judgeUnavailable(judged);
    case 'session':
      return judgeSession(judged);
    case 'silent_look_up':
      return judgeSilentLookUp(judged);
    case 'delete_brake':
      return judgeDeleteBrake(judged);
    case 'broken_run':
      return judgeBrokenRun(judged);
  }
}
