import type { Command } from 'commander';
import { shellUser } from '../../db/audit.ts';
import { askSourceNow } from '../../operations/ask-now.ts';
import { checkAccountName, chooseEntity, chooseSource } from '../../operations/choose-entity.ts';
import { parseIds } from '../../operations/read-ids.ts';
import { tellStory } from '../../operations/tell-story.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { runCommand } from '../run-command.ts';
import { showExplanation } from '../show-story.ts';

interface Options {
  source?: string;
  account?: string;
  live?: boolean;
}

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description("a record's whole story: landing, runs, issues, what it waits for")
    .argument('<entity>', 'e.g. bookings')
    .argument('<external id>', 'its id at the source (not the number on its page)')
    .option('--source <name>', 'the source; needed where the settings have several')
    .option('--account <name>', 'this account only')
    .option('--live', 'ask the source what it says now; nothing is stored')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  ./pmsync explain bookings 450490 --source rentprog --live')
    .action(
      runCommand<Options>(async ({ args, options, open, out, language }) => {
        const [externalId, ...others] = parseIds([String(args[1])]);
        if (externalId === undefined || others.length > 0) throw new UsageError('explain takes one external id.');
        const runtime = await open();
        const source = chooseSource(runtime, options.source);
        const entity = chooseEntity(source, String(args[0]));
        checkAccountName(runtime, source, options.account);

        const { context } = runtime;
        const question = { source: source.name, entity: entity.name, externalId, account: options.account };
        const told = await tellStory(context, question);
        const live = options.live ? await askSourceNow(context, question, { actor: shellUser() }) : null;
        const explanation = { ...told, live };
        if (out.json) out.data(explanation);
        else showExplanation(out, language, explanation);
        return told.stories.length > 0 ? 0 : 1;
      }),
    );
}
