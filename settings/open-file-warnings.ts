import { statSync } from 'node:fs';

/** Bits of a file's mode that are not its owner's. */
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

export interface SettingsFile {
  path: string;
  shown: string;
  /** Whether it holds any secret. */
  secret: boolean;
}

/**
 * One sentence for each file that holds secrets and that more than its owner can read, and for each that others can change:
 * who writes another `baseUrl` gets the credentials sent. Windows has no such modes.
 */
export function openFileWarnings(files: readonly SettingsFile[]): string[] {
  if (process.platform === 'win32') return [];
  return files.flatMap(({ path, shown, secret }) => {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if (secret && (mode & OTHERS) !== 0)
      return [`${shown} holds secrets and other users of this machine can read it. Run: chmod 600 ${shown}`];
    if ((mode & OTHERS_WRITE) !== 0)
      return [`${shown} says where credentials are sent, and other users can change it. Run: chmod go-w ${shown}`];
    return [];
  });
}
