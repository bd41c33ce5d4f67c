import { z } from 'zod';
import { type Notice, noticeFailed, noticeSent, readNotice, takeNotices } from '../db/notices.ts';
import { redactText } from '../log/redact.ts';
import { recoveredMessage, redMessage } from '../notify/alert-message.ts';
import { digestMessage } from '../notify/digest-message.ts';
import type { AlertFacts, DigestFacts } from '../notify/facts.ts';
import type { Message } from '../notify/message.ts';
import { NotifyError } from '../notify/notify-error.ts';
import { send } from '../notify/send.ts';
import type { NotifySettings } from '../settings/settings.ts';
import { RateLimited, Rejected, Unavailable } from '../sources/errors.ts';
import { defineJob, type JobContext, type JobDefinition } from './define-job.ts';
import { NOTIFY_QUEUE } from './notify-queue.ts';

const payload = z.object({
  noticeId: z.uuid(),
  /** How often a job was made for it; the newest one counts. */
  turn: z.number().int(),
});
type SendNotice = z.infer<typeof payload>;

const MINUTE = 60_000;
/** A job and its attempts are over by then, or lost. */
const LEASE_MS = 10 * MINUTE;
const AGAIN_MS = 5 * MINUTE;

export const sendNotice: JobDefinition<SendNotice> = defineJob({
  name: 'send-notice',
  description: 'Sends one message by e-mail or Telegram.',
  queue: () => NOTIFY_QUEUE,
  payload,
  options: ({ noticeId, turn }) => ({ jobId: `notice.${noticeId}.${turn}` }),

  async handle({ noticeId, turn }, { db, settings: { notify } }) {
    const notice = await readNotice(db, noticeId, turn);
    if (!notice) return 'sent already';
    if (!notify) throw new Rejected('notify is not in the settings any more');
    try {
      await send(notice.channel, messageOf(notice, notify), notify);
    } catch (error) {
      throw error instanceof NotifyError ? asSourceError(error) : error;
    }
    await noticeSent(db, noticeId);
    return `${notice.kind} sent by ${notice.channel}`;
  },

  async giveUp({ noticeId }, error, { db }) {
    const forGood = error instanceof Rejected;
    await noticeFailed(db, noticeId, { error: redactText(error.message), forGood, againMs: AGAIN_MS });
  },
});

/** Makes a job for each message that is to be sent and has none. */
export async function sendDueNotices({ db, enqueue }: Pick<JobContext, 'db' | 'enqueue'>): Promise<number> {
  const due = await takeNotices(db, LEASE_MS);
  await enqueue(
    sendNotice,
    due.map(({ id, turn }) => ({ noticeId: id, turn })),
  );
  return due.length;
}

function messageOf({ kind, details }: Notice, notify: NotifySettings): Message {
  if (kind === 'digest') return digestMessage(details as DigestFacts, notify);
  return (kind === 'red' ? redMessage : recoveredMessage)(details as AlertFacts, notify);
}

/** In the words of `workers/run-job.ts`, the one place that decides about retries. */
function asSourceError({ message, reason, retryAfterMs }: NotifyError): Error {
  if (reason === 'busy') return new RateLimited(message, retryAfterMs);
  return reason === 'refused' ? new Rejected(message) : new Unavailable(message);
}
