import type { Command } from 'commander';
import { isCalendarDay } from '../../db/calendar-day.ts';
import { accountNames, checkAccountName, chooseSource } from '../../operations/choose-entity.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { readReport } from '../../reports/read-report.ts';
import { renderHtml } from '../../reports/render-html.ts';
import { renderJson } from '../../reports/render-json.ts';
import { renderMarkdown } from '../../reports/render-markdown.ts';
import type { Report } from '../../reports/report.ts';
import type { Language } from '../../words/dictionary.ts';
import { runCommand } from '../run-command.ts';

interface Options {
  source?: string;
  account?: string;
  date?: string;
  format?: string;
}

const RENDERERS: Record<string, (reports: readonly Report[], language: Language) => string> = {
  md: renderMarkdown,
  html: renderHtml,
  json: renderJson,
};

const MORE = `
Examples:
  ./pmsync report --source rentprog --account tbilisi
  ./pmsync report --source rentprog --account tbilisi --date 2026-11-20 --lang ru
  ./pmsync report --source rentprog --format html > report.html

A day is a day of the account's time zone; times in the report are UTC. A report of an old day shows how its records stand now.
Exit code 0: nothing needs a look. 1: something does.`;

export function registerReport(program: Command): void {
  program
    .command('report')
    .description('the error report of an account and a day: what happened, why, what to do, how it stands now')
    .option('--source <name>', 'the source; needed where the settings have several')
    .option('--account <name>', 'this account only (default: every account of the source)')
    .option('--date <day>', 'e.g. 2026-11-20 (default: today, by the clock of the account)')
    .option('--format <format>', 'md, html (to be printed) or json', 'md')
    .option('--json', 'the same as --format json')
    .addHelpText('after', MORE)
    .action(
      runCommand<Options>(async ({ options, open, out, language }) => {
        const format = out.json ? 'json' : (options.format ?? 'md');
        const render = Object.hasOwn(RENDERERS, format) ? RENDERERS[format] : undefined;
        if (!render) throw new UsageError(`--format ${format}: there is ${Object.keys(RENDERERS).join(', ')}.`);
        const { date } = options;
        if (date !== undefined && !isCalendarDay(date))
          throw new UsageError(`--date ${date}: write a day, e.g. 2026-11-20.`);
        const runtime = await open();
        const definition = chooseSource(runtime, options.source);
        const source = definition.name;
        checkAccountName(runtime, definition, options.account);
        const accounts = options.account === undefined ? accountNames(runtime, source) : [options.account];
        const reports: Report[] = [];
        for (const account of accounts) reports.push(await readReport(runtime.context, { source, account, date }));
        process.stdout.write(render(reports, language));
        return reports.some(({ now }) => now.needs_look > 0) ? 1 : 0;
      }),
    );
}
