import { readFileSync } from 'node:fs';
import type { Role } from '../../../cli/start-system.ts';
import type { Env, PmsyncHome, PmsyncProcess } from '../pmsync-process.ts';
import { waitFor } from '../wait-for.ts';

const SECOND = 1000;
const STARTED_WITHIN_MS = 60 * SECOND;
const ENDED_WITHIN_MS = 60 * SECOND;
/** The unit of processor time in /proc: USER_HZ is 100 wherever Linux runs. */
const TICK_MS = 10;

/** The processes of a system, looked after as systemd would: what ends is started again. */
export interface Fleet {
  members: string[];
  pid(name: string): number;
  /** SIGKILL, and no new one yet. */
  kill(name: string): Promise<void>;
  /** SIGTERM, to the end. Throws when it does not end with exit code 0. */
  end(name: string): Promise<void>;
  /** Starts what does not run, and waits until it works. A process that ends while it starts is started again. */
  start(...names: string[]): Promise<void>;
  /** For a while: the process stays in memory and gets no time. */
  freeze(name: string): void;
  thaw(name: string): void;
  /** Runs beside the others until `end`. */
  add(name: string, role: Role, env?: Env): void;
  /** Forgets a process that has ended. */
  remove(name: string): void;
  /** What all processes have said from now on. */
  listen(): () => string;
  /** All of it, by those that have ended too. */
  said(): string;
  /** Processes that have ended though nobody ended them, with their last words. */
  fallen(): string[];
  /** Resident memory in MB. */
  memory(name: string): number;
  /** Processor time used so far, in ms. */
  worked(name: string): number;
  stop(): Promise<void>;
}

interface Member {
  role: Role;
  env: Env;
  process?: PmsyncProcess | undefined;
}

export function createFleet(home: PmsyncHome, roles: Record<string, { role: Role; env?: Env }>): Fleet {
  const members = new Map<string, Member>();
  const everyone: PmsyncProcess[] = [];
  const fallen: string[] = [];
  const add = (name: string, role: Role, env: Env = {}) => void members.set(name, { role, env });
  for (const [name, { role, env }] of Object.entries(roles)) add(name, role, env);
  const member = (name: string): Member => {
    const found = members.get(name);
    if (!found) throw new Error(`There is no process ${name}`);
    return found;
  };
  const running = (name: string): PmsyncProcess => {
    const { process } = member(name);
    if (!process) throw new Error(`${name} does not run`);
    return process;
  };
  const launch = (each: Member) => {
    each.process = home.start(['start', '--role', each.role], each.env);
    everyone.push(each.process);
  };
  const look = () => {
    for (const [name, each] of members) {
      if (!each.process || each.process.isRunning()) continue;
      fallen.push(`${name} (${each.process.pid}) has ended by itself:\n${each.process.stderr().slice(-2000)}`);
      launch(each);
    }
  };

  return {
    get members() {
      return [...members.keys()];
    },
    pid: (name) => running(name).pid,
    async kill(name) {
      look();
      const process = running(name);
      member(name).process = undefined;
      process.kill('SIGKILL');
      await process.ended(ENDED_WITHIN_MS);
    },
    async end(name) {
      look();
      const process = running(name);
      member(name).process = undefined;
      process.kill('SIGTERM');
      const { code, signal, stderr } = await process.ended(ENDED_WITHIN_MS);
      if (code !== 0) throw new Error(`${name} ended with ${signal ?? code}:\n${stderr.slice(-2000)}`);
    },
    async start(...names) {
      const starting = names.map(member);
      for (const each of starting) if (!each.process) launch(each);
      await waitFor(
        () => {
          for (const each of starting) if (!each.process?.isRunning()) launch(each);
          return starting.every((each) => each.process?.stderr().includes('"msg":"started"'));
        },
        { describe: `${names.join(', ')} have started`, timeoutMs: STARTED_WITHIN_MS },
      );
    },
    freeze: (name) => running(name).kill('SIGSTOP'),
    thaw: (name) => running(name).kill('SIGCONT'),
    add,
    remove: (name) => void members.delete(name),
    listen() {
      const before = new Map(everyone.map((each) => [each, each.stderr().length]));
      return () => everyone.map((each) => each.stderr().slice(before.get(each) ?? 0)).join('\n');
    },
    said: () => everyone.map((each) => each.stdout() + each.stderr()).join('\n'),
    fallen() {
      look();
      return fallen;
    },
    memory(name) {
      const [, kilobytes] =
        /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${running(name).pid}/status`, 'utf8')) ?? [];
      return Math.round(Number(kilobytes) / 1024);
    },
    worked(name) {
      const stat = readFileSync(`/proc/${running(name).pid}/stat`, 'utf8');
      // After the name, which may hold anything: state is the third field; utime and stime are the 14th and 15th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    async stop() {
      look();
      const left = [...members.values()].flatMap((each) => each.process ?? []);
      for (const process of left) process.kill('SIGCONT');
      for (const process of left) process.kill('SIGTERM');
      await Promise.all(left.map((process) => process.ended(ENDED_WITHIN_MS)));
    },
  };
}
