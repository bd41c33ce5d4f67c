import { spawn } from 'node:child_process';
import { commandAs, type ServerUser } from './server-user.ts';

export interface ProgramResult {
  ok: boolean;
  /** Standard output and standard error, as they came. */
  said: string;
}

/** Runs a PostgreSQL program to its end, as the server user. */
export function runProgram(user: ServerUser, program: string, args: string[]): Promise<ProgramResult> {
  const { command, args: rest, ids } = commandAs(user, program, args);
  return new Promise((resolve) => {
    let said = '';
    const child = spawn(command, rest, {
      ...ids,
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('error', (error) => resolve({ ok: false, said: `${said}${error.message}` }));
    child.on('close', (code) => resolve({ ok: code === 0, said }));
  });
}

/** The server outlives us: it gets none of our secrets, and no PGPORT or PGDATA of the user's own. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP, TMPDIR } = process.env;
  const given = Object.entries({ PATH, SystemRoot, TEMP, TMPDIR }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), LC_ALL: 'C', TZ: 'UTC' };
}
