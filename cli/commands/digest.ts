import type { Command } from 'commander';
import { databaseNow } from '../../db/now.ts';
import { readDigestFacts } from '../../jobs/send-digest.ts';
import { digestMessage } from '../../notify/digest-message.ts';
import { NotifyError } from '../../notify/notify-error.ts';
import { plainText } from '../../notify/render.ts';
import { channelsOf, send } from '../../notify/send.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { dictionary } from '../../words/dictionary.ts';
import { runCommand } from '../run-command.ts';

const words = dictionary({
  en: {
    sent: (channel: string) => `Sent by ${channel}.`,
    failed: (channel: string, why: string) => `NOT sent by ${channel}: ${why}`,
    nobody:
      'The settings name nobody to send it to. Write notify: with email: or telegram: below it (docs/observing.md).',
  },
  ru: {
    sent: (channel: string) => `Отправлено: ${channel}.`,
    failed: (channel: string, why: string) => `НЕ отправлено (${channel}): ${why}`,
    nobody:
      'В настройках не указано, кому отправлять. Добавьте notify: и ниже email: или telegram: (docs/observing.ru.md).',
  },
});

const DAY_MS = 24 * 60 * 60_000;

export function registerDigest(program: Command): void {
  program
    .command('digest')
    .description('how every account stands and what the last day has brought')
    .option('--send', 'sends it at once by every way of the settings, as a test of them')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  ./pmsync digest\n  ./pmsync digest --send')
    .action(
      runCommand<{ send?: boolean }>(async ({ options, open, out, language }) => {
        const say = words(language);
        const { context, settings } = await open();
        const { notify } = settings;
        if (options.send && !notify) throw new UsageError(say.nobody);
        const reader = {
          language: options.send && notify ? notify.language : language,
          timezone: notify?.timezone ?? settings.sources[0]?.accounts[0]?.timezone ?? 'UTC',
        };
        const since = new Date((await databaseNow(context.db)).getTime() - DAY_MS);
        const facts = await readDigestFacts(context, { since, language: reader.language });
        const message = digestMessage(facts, reader);
        if (!options.send || !notify) {
          if (out.json) out.data(facts);
          else out.line(plainText(message));
          return 0;
        }
        const results = [];
        for (const channel of channelsOf(notify)) {
          const error = await send(channel, message, notify).then(
            () => null,
            (failure: unknown) => {
              if (failure instanceof NotifyError) return failure.message;
              throw failure;
            },
          );
          results.push({ channel, ok: error === null, error });
          out.line(error === null ? say.sent(channel) : out.paint('red', say.failed(channel, error)));
        }
        if (out.json) out.data({ sent: results });
        return results.every(({ ok }) => ok) ? 0 : 1;
      }),
    );
}
