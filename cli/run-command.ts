import type { Command } from 'commander';
import { logFileOf } from '../log/create-logger.ts';
import { redactText } from '../log/redact.ts';
import { commonWords } from '../words/common.ts';
import type { Language } from '../words/dictionary.ts';
import { describeFailure, QueueUnreachable } from './describe-failure.ts';
import { languageOf } from './language-of.ts';
import { createOutput, type Output } from './output.ts';
import { openRuntime, type Runtime, type RuntimeOptions } from './runtime.ts';

export interface CommonOptions {
  config?: string;
  lang?: string;
  json?: boolean;
}

/** One call of a command. */
export interface Call<O> {
  /** The command's arguments, parsed. */
  args: unknown[];
  options: O & CommonOptions;
  language: Language;
  out: Output;
  /** Opens the runtime and sees that the queue answers. It is closed when the command is over. */
  open(options?: Partial<RuntimeOptions>): Promise<Runtime>;
  /** Something else to close when the command is over, last first. */
  onClose(close: () => Promise<unknown>): void;
}

const SECOND = 1000;
const QUEUE_PATIENCE_MS = 5 * SECOND;
const CLOSING_PATIENCE_MS = 10 * SECOND;

/**
 * An action for commander: sets the exit code that `work` answers with (0 when it answers nothing), and turns whatever it
 * throws into a message for an operator. A stack is shown only with LOG_LEVEL=debug.
 */
export function runCommand<O extends object = object>(work: (call: Call<O>) => Promise<number | undefined>) {
  return async (...passed: unknown[]): Promise<void> => {
    const command = passed.at(-1) as Command;
    const options = command.optsWithGlobals() as O & CommonOptions;
    const out = createOutput(options.json ?? false);
    let language: Language = 'en';
    let runtime: Runtime | undefined;
    const closings: (() => Promise<unknown>)[] = [];
    const onClose = (close: () => Promise<unknown>) => void closings.push(close);
    const open = async (more: Partial<RuntimeOptions> = {}) => {
      // The log goes to its file; the console gets our words for what went wrong, not a library's stack.
      const consoleLevel = isDebugging() ? 'trace' : 'silent';
      runtime = await openRuntime({ config: options.config, role: command.name(), consoleLevel, ...more });
      closings.push(runtime.close);
      await within(QUEUE_PATIENCE_MS, runtime.queues.ping(), () => new QueueUnreachable('no answer'));
      return runtime;
    };
    try {
      language = languageOf(options.lang);
      process.exitCode = (await work({ args: command.processedArgs, options, language, out, open, onClose })) ?? 0;
    } catch (error) {
      process.exitCode = report(error, language, out, runtime, command.name());
    }
    for (const close of closings.reverse()) await closeInTime(close);
  };
}

function report(error: unknown, language: Language, out: Output, runtime: Runtime | undefined, name: string): number {
  const { message, exitCode, unexpected } = describeFailure(error, language);
  // As information: a console that shows warnings has the message below.
  runtime?.log.info({ err: error }, `${name} failed`);
  if (out.json) out.data({ error: { message } });
  out.note(message);
  if (unexpected && runtime) {
    const path = logFileOf(runtime.log);
    if (path) out.note(commonWords(language).logFile(path));
  }
  if (isDebugging() && error instanceof Error) out.note(redactText(error.stack ?? ''));
  return exitCode;
}

function isDebugging(): boolean {
  return /^(debug|trace)$/i.test(process.env.LOG_LEVEL ?? '');
}

/** A server that went away must not keep the command from ending. */
async function closeInTime(close: () => Promise<unknown>): Promise<void> {
  await within(CLOSING_PATIENCE_MS, close(), () => new Error('closing took too long')).catch(() => {
    process.exit(process.exitCode);
  });
}

export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}
