import { type Command, InvalidArgumentError } from 'commander';
import { chooseTargets } from '../../operations/targets.ts';
import { dictionary } from '../../words/dictionary.ts';
import { startDemo } from '../demo.ts';
import { runCommand } from '../run-command.ts';
import { showSync } from '../show-sync.ts';
import { shutdownSignal, whenAborted } from '../shutdown.ts';
import { type Role, startSystem } from '../start-system.ts';
import { syncAndReport } from '../sync-and-report.ts';

interface DemoOptions {
  once?: boolean;
  records: number;
}

const demoWords = dictionary({
  en: {
    intro: (records: number) =>
      `A demo with invented data: simulated vendors, an embedded PostgreSQL, about ${records} bookings. No Redis, no Docker.`,
    healed: (healed: number, gone: number) =>
      `${healed} missing clients and cars were looked up and linked; ${gone} are nowhere: their bookings are stored without them.`,
    stays: (url: string) => `The demo stays up: ${url} (queues: ${url}/queues). In a second terminal:`,
    stop: 'Ctrl-C ends it.',
    stopping: 'Stopping …',
  },
  ru: {
    intro: (records: number) =>
      `Демонстрация на вымышленных данных: имитация внешних систем, встроенный PostgreSQL, около ${records} броней. Без Redis и Docker.`,
    healed: (healed: number, gone: number) =>
      `Недостающие клиенты и машины: найдено и привязано ${healed}; ${gone} нет нигде — их брони сохранены без них.`,
    stays: (url: string) => `Демонстрация работает: ${url} (очереди: ${url}/queues). Во втором терминале:`,
    stop: 'Завершить — Ctrl-C.',
    stopping: 'Остановка …',
  },
});

const SECOND_TERMINAL = [
  './pmsync status',
  './pmsync explain bookings 900101 --source rentprog',
  './pmsync requeue bookings 900101 900102 --source rentprog',
  './pmsync db url',
];

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('a first full sync of simulated vendors into an embedded PostgreSQL; needs nothing but npm')
    .option('--once', 'end after the sync')
    .option('--records <n>', 'about how many bookings', positive, 2000)
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExamples:\n  npm run demo\n  npm run demo -- --once --records 500')
    .action(
      runCommand<DemoOptions>(async ({ options, open, out, language, onClose }) => {
        const words = demoWords(language);
        const signal = shutdownSignal();
        out.note(words.intro(options.records));
        const demo = await startDemo(options.records);
        onClose(demo.close);
        const runtime = await open({ demo: 'fresh', consoleLevel: 'silent', poolSize: 20 });
        await demo.fillHouses(runtime);
        const start = async (role: Role) => {
          const system = await startSystem(runtime, role);
          onClose(system.stop);
          return system;
        };
        const web = options.once ? undefined : await start('console');
        await start('worker');
        const targets = chooseTargets(runtime.settings, runtime.sources, {});
        const report = await syncAndReport(runtime, targets, { mode: 'full' }, language, signal);
        const { healed, gone } = await demo.healing(runtime);
        showSync(out, language, report);
        if (!out.json) out.line(words.healed(healed, gone));
        if (web?.url && !signal.aborted) {
          await start('scheduler');
          out.note(
            `\n${words.stays(web.url)}\n${SECOND_TERMINAL.map((line) => `  ${line}`).join('\n')}\n${words.stop}`,
          );
          await whenAborted(signal);
          out.note(words.stopping);
        }
        return report.ok ? 0 : 1;
      }),
    );
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000)
    throw new InvalidArgumentError('a whole number from 1 to 1000000 is due.');
  return number;
}
