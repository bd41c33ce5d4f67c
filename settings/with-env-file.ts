import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { locateSettings, type Whereabouts } from './locate.ts';
import { SettingsError } from './settings-error.ts';

/**
 * `env` with what the `.env` beside the settings file adds; the real environment wins, and neither is changed. Throws a
 * `SettingsError` when there is a `.env` that cannot be read. Doing it twice changes nothing.
 */
export function withEnvFile(where: Whereabouts): NodeJS.ProcessEnv {
  return { ...readEnvFile(where), ...where.env };
}

export function readEnvFile(where: Whereabouts): Record<string, string> {
  const { envPath, envShown } = locateSettings(where);
  try {
    return parse(readFileSync(envPath, 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    const fix = 'Make it a text file that this user may read';
    throw new SettingsError([{ file: envShown, place: '', problem: `cannot be read (${code})`, fix }], { cause });
  }
}
