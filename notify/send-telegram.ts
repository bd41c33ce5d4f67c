import got from 'got';
import type { NotifySettings } from '../settings/settings.ts';
import type { Message } from './message.ts';
import { NotifyError } from './notify-error.ts';
import { telegramText } from './render.ts';

const SECOND = 1000;
const USUAL_WAIT_MS = 30 * SECOND;

interface Answer {
  ok?: boolean;
  description?: string;
  parameters?: { retry_after?: number };
}

/** Sends one message to the chat: https://core.telegram.org/bots/api#sendmessage. Throws a `NotifyError`. */
export async function sendTelegram(
  { botToken, chatId, baseUrl }: NonNullable<NotifySettings['telegram']>,
  message: Message,
): Promise<void> {
  const response = await got
    .post(`${baseUrl}/bot${botToken}/sendMessage`, {
      json: {
        chat_id: chatId,
        text: telegramText(message),
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
      },
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
      timeout: { request: 15 * SECOND },
    })
    // The library's error carries the address, and with it the token.
    .catch((error: unknown) => {
      throw new NotifyError(`Telegram: no answer (${(error as { code?: string }).code ?? 'unknown'})`, 'passing');
    });
  const { statusCode: status } = response;
  const answer = parse(response.body);
  if (status === 200 && answer.ok) return;
  const said = `Telegram: ${status}${answer.description ? `, ${answer.description.slice(0, 200)}` : ''}`;
  if (status === 429) {
    const seconds = answer.parameters?.retry_after;
    throw new NotifyError(said, 'busy', seconds ? seconds * SECOND : USUAL_WAIT_MS);
  }
  throw new NotifyError(said, status >= 400 && status < 500 ? 'refused' : 'passing');
}

function parse(body: string): Answer {
  try {
    return (JSON.parse(body) as Answer | null) ?? {};
  } catch {
    return {};
  }
}
