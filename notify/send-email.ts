import { createTransport } from 'nodemailer';
import type { NotifySettings } from '../settings/settings.ts';
import type { Message } from './message.ts';
import { NotifyError } from './notify-error.ts';
import { htmlMail, plainText } from './render.ts';

const SECOND = 1000;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Sends one mail to all addresses. Throws a `NotifyError`. */
export async function sendEmail(
  { smtpUrl, from, to }: NonNullable<NotifySettings['email']>,
  message: Message,
): Promise<void> {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    // A password goes over an encrypted line or not at all.
    requireTLS: !secure && user !== '' && !LOOPBACK.test(url.hostname),
    ...(user !== '' && { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: 10 * SECOND,
    greetingTimeout: 10 * SECOND,
    socketTimeout: 20 * SECOND,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, to, subject: message.title, text: plainText(message), html: htmlMail(message) });
  } catch (error) {
    throw describe(error);
  } finally {
    transport.close();
  }
}

const REFUSED = new Set(['EAUTH', 'EENVELOPE', 'EMESSAGE', 'ENOAUTH']);

/** Of the error only codes: its text quotes addresses, and what the server said. */
function describe(error: unknown): NotifyError {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
  const answer = responseCode === undefined ? '' : `, answer ${responseCode}`;
  const at = command ? ` at ${command}` : '';
  // 4xx: the server asks to try again later.
  const refused = responseCode === undefined ? REFUSED.has(code ?? '') : responseCode >= 500;
  return new NotifyError(`e-mail: ${code ?? 'not sent'}${answer}${at}`, refused ? 'refused' : 'passing');
}
