import { type Command, InvalidArgumentError } from 'commander';
import { stringify } from 'yaml';
import { UsageError } from '../../operations/usage-error.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { dictionary } from '../../words/dictionary.ts';
import { runCommand } from '../run-command.ts';
import { shutdownSignal, whenAborted } from '../shutdown.ts';

interface SimulateOptions {
  records: number;
  seed: number;
  host: string;
  port: number;
}

const words = dictionary({
  en: { settings: 'A simulated vendor with invented data. For pmsync.yaml:', stop: 'Ctrl-C ends it.' },
  ru: { settings: 'Имитация внешней системы с вымышленными данными. Для pmsync.yaml:', stop: 'Завершить — Ctrl-C.' },
});

export function registerSimulate(program: Command): void {
  program
    .command('simulate')
    .description('runs the simulator of a source, to try pmsync on')
    .argument('<source>', 'e.g. rentprog')
    .option('--records <n>', 'about how many bookings', whole, 2000)
    .option('--seed <n>', 'the same seed makes the same data', whole, 1)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 takes a free one', whole, 0)
    .option('--json', 'the settings as JSON')
    .addHelpText('after', '\nExample:\n  ./pmsync simulate rentprog --port 9000')
    .action(
      runCommand<SimulateOptions>(async ({ args, options, out, language, onClose }) => {
        const signal = shutdownSignal();
        const name = String(args[0]);
        const sources = await loadSources();
        const simulation = await sources.get(name)?.simulate?.(options);
        if (!simulation)
          throw new UsageError(`There is no simulator for "${name}"; there is ${[...sources.keys()].join(', ')}.`);
        onClose(simulation.close);
        const { baseUrl, limits, accounts } = simulation;
        const settings = { sources: { [name]: { baseUrl, limits, accounts } } };
        if (out.json) out.data(settings);
        out.note(words(language).settings);
        out.line(stringify(settings));
        out.note(words(language).stop);
        await whenAborted(signal);
        return 0;
      }),
    );
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 1_000_000)
    throw new InvalidArgumentError('a whole number from 0 to 1000000 is due.');
  return number;
}
