import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** The log file cannot be made. Nothing starts without its log. */
export class LogFileError extends Error {
  readonly code = 'LOG_FILE_UNUSABLE';
}

/** Makes `sync_YYYYMMDD_HHMMSS.log` (local time) of its own for every process: a taken name gets `_2`, `_3`, … */
export function openLogFile(dir: string, now: Date): { path: string; fd: number } {
  try {
    mkdirSync(dir, { recursive: true });
    for (let turn = 1; ; turn++) {
      const path = join(dir, `sync_${stamp(now)}${turn === 1 ? '' : `_${turn}`}.log`);
      const fd = openNew(path);
      if (fd !== undefined) return { path, fd };
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new LogFileError(`No log file can be made in ${dir} (${code}): make it writable or set LOG_DIR`, { cause });
  }
}

function openNew(path: string): number | undefined {
  try {
    return openSync(path, 'wx', 0o640);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

function stamp(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${date}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
