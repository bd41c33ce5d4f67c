import { statSync } from 'node:fs';

const OTHERS = 0o077;

/** One sentence for each file that holds secrets and that more than its owner can read. Windows has no such modes. */
export function openFileWarnings(files: { path: string; shown: string; secret: boolean }[]): string[] {
  if (process.platform === 'win32') return [];
  return files
    .filter(({ path, secret }) => secret && ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0)
    .map(({ shown }) => `${shown} holds secrets and other users of this machine can read it. Run: chmod 600 ${shown}`);
}
