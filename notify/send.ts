import type { NotifySettings } from '../settings/settings.ts';
import type { Message } from './message.ts';
import { NotifyError } from './notify-error.ts';
import { sendEmail } from './send-email.ts';
import { sendTelegram } from './send-telegram.ts';

export type Channel = 'email' | 'telegram';

/** The ways that the settings name. */
export function channelsOf({ email, telegram }: NotifySettings): Channel[] {
  return [...(email ? (['email'] as const) : []), ...(telegram ? (['telegram'] as const) : [])];
}

/** Sends a message by one way. Throws a `NotifyError`. */
export async function send(channel: Channel, message: Message, { email, telegram }: NotifySettings): Promise<void> {
  if (channel === 'email' && email) return sendEmail(email, message);
  if (channel === 'telegram' && telegram) return sendTelegram(telegram, message);
  throw new NotifyError(`${channel} is not in the settings any more`, 'refused');
}
