import type { Command } from 'commander';
import { shellUser } from '../../db/audit.ts';
import { accountNames, checkAccountName, chooseSource } from '../../operations/choose-entity.ts';
import { pause, resume } from '../../operations/pause.ts';
import { runCommand } from '../run-command.ts';
import { receiptText } from '../show-paused.ts';

interface Options {
  source?: string;
  account?: string;
  entity?: string;
  reason?: string;
}

export function registerPause(program: Command): void {
  register(program, 'pause', 'stop an account, or the runs of one entity, until you let it go on');
}

export function registerResume(program: Command): void {
  register(program, 'resume', 'let what was paused go on');
}

const DEEDS = { pause, resume };

function register(program: Command, name: keyof typeof DEEDS, description: string): void {
  program
    .command(name)
    .description(description)
    .option('--source <name>', 'the source; needed where the settings have several')
    .option('--account <name>', 'this account only')
    .option('--entity <name>', 'only the runs of this entity, e.g. bookings')
    .option('--reason <words>', 'why; stands in the audit log')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  ./pmsync ${name} --source rentprog --account tbilisi --reason "maintenance at the vendor"\n  ./pmsync ${name} --source rentprog --account tbilisi --entity bookings\n\nOf a paused account no scheduled run begins and no request goes out; webhooks are written down and wait.`,
    )
    .action(
      runCommand<Options>(async ({ options, open, out, language }) => {
        const runtime = await open();
        const source = chooseSource(runtime, options.source);
        checkAccountName(runtime, source, options.account);
        const accounts = options.account ? [options.account] : accountNames(runtime, source.name);
        const by = { actor: shellUser(), reason: options.reason };
        const receipts = [];
        for (const account of accounts) {
          const order = { source: source.name, account, entity: options.entity };
          receipts.push(await DEEDS[name](runtime.context, order, by));
        }
        if (out.json) out.data(receipts);
        else for (const receipt of receipts) out.line(receiptText(name, receipt, language));
        return 0;
      }),
    );
}
