import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A process that answers questions, so that its memory and its share of the processor are its own. */
export interface Child {
  /** Throws what the child threw, or when it ends before it has answered. */
  ask<T>(question: string, about?: object): Promise<T>;
  /** Rejects when it ends unasked: whoever waits for its work would wait for ever. */
  died: Promise<never>;
  isRunning(): boolean;
  end(): Promise<void>;
}

interface Question {
  id: number;
  question: string;
  about: object;
}

interface Answer {
  id: number;
  answer?: unknown;
  error?: string;
}

/** Starts a file of this folder that calls `answerQuestions`. */
export function startChild(file: string): Child {
  const child = fork(join(import.meta.dirname, file), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...asLaunched(),
  });
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  child.on('message', ({ id, answer, error }: Answer) => {
    if (error === undefined) open.get(id)?.resolve(answer);
    else open.get(id)?.reject(new Error(`${file}: ${error}`));
    open.delete(id);
  });
  const death = Promise.withResolvers<never>();
  death.promise.catch(() => {});
  child.once('exit', (code, signal) => {
    const error = new Error(`${file} ended with ${signal ?? code}`);
    for (const { reject } of [...open.values(), death]) reject(error);
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    died: death.promise,
    isRunning,
    ask<T>(question: string, about: object = {}) {
      const answer = Promise.withResolvers<unknown>();
      asked += 1;
      open.set(asked, answer);
      child.send({ id: asked, question, about } satisfies Question);
      return answer.promise as Promise<T>;
    },
    async end() {
      if (!isRunning()) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** As `./pmsync` starts Node.js. */
function asLaunched(): { execArgv: string[]; env: NodeJS.ProcessEnv } {
  const launcher = readFileSync(join(import.meta.dirname, '../../../pmsync'), 'utf8');
  const execArgv = /^exec .*$/m.exec(launcher)?.[0].match(/--[\w-]+=\S+/g) ?? [];
  const set = [...launcher.matchAll(/^export (\w+)="\$\{\1:-(\w+)\}"$/gm)].map(([, name, value]) => [name, value]);
  return { execArgv, env: { ...Object.fromEntries(set), ...process.env } };
}

/** The child's side: one function a question. */
export function answerQuestions(answers: Record<string, (about: never) => unknown>): void {
  process.on('message', ({ id, question, about }: Question) => {
    const answered = (async () => answers[question]?.(about as never))();
    answered.then(
      (answer) => process.send?.({ id, answer: answer ?? {} } satisfies Answer),
      (error: unknown) => process.send?.({ id, error: String(error) } satisfies Answer),
    );
  });
  // Nobody is left to ask.
  process.once('disconnect', () => process.exit());
}

/** What this process has used since it began. */
export interface Usage {
  /** Resident, now. */
  rssMb: number;
  /** The most that was resident at any moment, by the kernel's count. */
  peakMb: number;
  cpuSeconds: number;
}

export function readUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return {
    rssMb: process.memoryUsage.rss() / 1e6,
    peakMb: readPeakMb(),
    cpuSeconds: (user + system) / 1e6,
  };
}

/** `maxRSS` starts with what the parent had when it forked, so Linux is asked for that of this program alone. */
function readPeakMb(): number {
  const status = '/proc/self/status';
  const kilobytes = existsSync(status) ? /VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  return (Number(kilobytes ?? process.resourceUsage().maxRSS) * 1024) / 1e6;
}
