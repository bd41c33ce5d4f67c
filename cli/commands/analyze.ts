import { type Command, InvalidArgumentError } from 'commander';
import { redactText } from '../../log/redact.ts';
import { accountNames, checkAccountName, chooseEntity, chooseSource } from '../../operations/choose-entity.ts';
import { SourceError } from '../../sources/errors.ts';
import { dictionary } from '../../words/dictionary.ts';
import { analyzeEntity, type EntityReport } from '../analyze-entity.ts';
import type { Output } from '../output.ts';
import { runCommand } from '../run-command.ts';

interface Options {
  source?: string;
  account?: string;
  entity?: string;
  sample: number;
}

const words = dictionary({
  en: {
    titles: 'field|types|null %|example|goes to|',
    head: (entity: string, account: string, records: number) => `${entity} (${account}): ${records} records looked at`,
    fresh: 'NEW',
    first: 'The first look: it is kept, and the next one tells what is new or gone.',
    gone: (fields: string) => `Gone since the last look: ${fields}`,
    nothing: 'no record came, so nothing is known of its fields',
  },
  ru: {
    titles: 'поле|типы|null %|пример|куда идёт|',
    head: (entity: string, account: string, records: number) =>
      `${entity} (${account}): просмотрено записей — ${records}`,
    fresh: 'НОВОЕ',
    first: 'Первый просмотр: он сохранён, следующий покажет, что появилось и что исчезло.',
    gone: (fields: string) => `Исчезло с прошлого просмотра: ${fields}`,
    nothing: 'не пришло ни одной записи, о полях ничего не известно',
  },
});

type Words = ReturnType<typeof words>;
type Told = EntityReport | { entity: string; account: string; error: string };

export function registerAnalyze(program: Command): void {
  program
    .command('analyze')
    .description('what a source really sends, field by field, and where it goes')
    .option('--source <name>', 'the source; needed where the settings have several')
    .option('--account <name>', 'this account; without it the first one')
    .option('--entity <name>', 'this entity only')
    .option('--sample <n>', 'about how many records of each', positive, 100)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nReads a sample within the request budget and keeps what it saw of the fields, no values. Examples are masked.\n\nExample:\n  ./pmsync analyze --source rentprog --entity bookings --sample 200\n\nExit code 1: an entity could not be read.',
    )
    .action(
      runCommand<Options>(async ({ options, open, out, language }) => {
        const say = words(language);
        const runtime = await open();
        const source = chooseSource(runtime, options.source);
        checkAccountName(runtime, source, options.account);
        const name = options.account ?? accountNames(runtime, source.name)[0];
        const account = runtime.settings.sources
          .find((known) => known.name === source.name)
          ?.accounts.find((known) => known.name === name);
        if (!account) throw new Error(`${source.name} has no account.`);
        const word = options.entity && (source.aliases?.[options.entity] ?? options.entity);
        const entities = word ? [chooseEntity(source, word)] : source.entities;
        const reports: Told[] = [];
        for (const entity of entities) {
          const report = await analyzeEntity(runtime, source, account, entity, options.sample).catch(
            (error: unknown): Told => {
              if (!(error instanceof SourceError)) throw error;
              return { entity: entity.name, account: account.name, error: redactText(error.message) };
            },
          );
          reports.push(report);
          if (!out.json) show(out, say, report);
        }
        if (out.json) out.data(reports);
        return reports.every((report) => !('error' in report)) ? 0 : 1;
      }),
    );
}

function show(out: Output, say: Words, report: Told): void {
  if ('error' in report) {
    out.line(out.paint('red', `${report.entity} (${report.account}): ${report.error}`));
    out.line();
    return;
  }
  out.line(out.paint('bold', say.head(report.entity, report.account, report.records)));
  if (report.records === 0) out.line(say.nothing);
  else {
    out.table(
      say.titles.split('|'),
      report.fields.map((field) => [
        field.path,
        field.types.join(', '),
        Math.round(field.null_rate * 100),
        field.example,
        field.mapped.join(', '),
        field.is_new ? out.paint('yellow', say.fresh) : '',
      ]),
    );
  }
  if (report.gone.length > 0) out.line(out.paint('yellow', say.gone(report.gone.join(', '))));
  if (report.first_look) out.line(say.first);
  out.line();
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new InvalidArgumentError('a whole number from 1 to 10000 is due.');
  return number;
}
