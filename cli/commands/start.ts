import { type Command, Option } from 'commander';
import { startMetricsServer } from '../../console/metrics/start-metrics-server.ts';
import { dictionary } from '../../words/dictionary.ts';
import { runCommand } from '../run-command.ts';
import { endWithin, shutdownSignal, whenAborted } from '../shutdown.ts';
import { ROLES, type Role, startSystem } from '../start-system.ts';

const startWords = dictionary({
  en: {
    console: (url: string) => `Console: ${url}`,
    stopping: 'Stopping: what is at work is finished, nothing new is begun. Again to stop at once.',
    unfinished: 'Not everything at work was finished in time; it is taken up again by the next start.',
  },
  ru: {
    console: (url: string) => `Консоль: ${url}`,
    stopping: 'Остановка: начатое завершается, новое не начинается. Ещё раз — остановить сразу.',
    unfinished: 'Не всё начатое успело завершиться; следующий запуск продолжит.',
  },
});

/** Of the time to stop: workers have ended before, see `startSystem`. */
const CLOSED_BY = 0.9;

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('runs the system until it is told to stop (SIGTERM or Ctrl-C)')
    .addOption(new Option('--role <role>', 'what this process does').choices(ROLES).default('all'))
    .option('--json', 'log as JSON also on a terminal')
    .addHelpText('after', '\nExamples:\n  ./pmsync start\n  ./pmsync start --role worker')
    .action(
      runCommand<{ role: Role }>(async ({ options, open, out, language, onClose }) => {
        const words = startWords(language);
        const signal = shutdownSignal();
        const runtime = await open({ role: options.role, consoleLevel: 'trace', poolSize: 20 });
        const { metrics, shutdownTimeoutMs } = runtime.environment;
        if (metrics) {
          const server = await startMetricsServer([runtime.context.measures.registry], metrics);
          onClose(server.close);
          runtime.log.info({ url: server.url }, 'metrics of this process');
        }
        const system = await startSystem(runtime, options.role);
        runtime.log.info({ role: options.role, backend: runtime.queues.backend }, 'started');
        if (system.url) out.note(words.console(system.url));
        await whenAborted(signal);
        endWithin(shutdownTimeoutMs * CLOSED_BY, runtime.log);
        out.note(words.stopping);
        if (!(await system.stop())) out.note(words.unfinished);
        return 0;
      }),
    );
}
