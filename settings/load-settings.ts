import { readFileSync } from 'node:fs';
import { locateSettings, type Whereabouts } from './locate.ts';
import { openFileWarnings, type SettingsFile } from './open-file-warnings.ts';
import { parseYaml } from './read-document.ts';
import type { SourceDefinitions } from './read-sources.ts';
import { readTop } from './read-top.ts';
import type { Settings } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import { readEnvFile } from './with-env-file.ts';

/**
 * Reads, completes and checks `pmsync.yaml`. Throws one `SettingsError` with every problem; `warnings` are sentences for
 * the operator about secrets that others can read. No message holds the value of a secret.
 */
export function loadSettings(options: Whereabouts & { sources: SourceDefinitions }): {
  settings: Settings;
  warnings: string[];
} {
  const where = locateSettings(options);
  const envFile = readEnvFile(options);
  const env = { ...envFile, ...options.env };
  const { reading, sound } = parseYaml(where.shown, readFile(where), env);
  const settings = sound ? readTop(reading, options.sources) : undefined;
  if (settings === undefined || reading.problems.length > 0) throw new SettingsError(reading.problems);
  const files = [
    { path: where.path, shown: where.shown, secret: reading.holdsSecret },
    { path: where.envPath, shown: where.envShown, secret: Object.values(envFile).some((value) => value !== '') },
    ...keyFiles(env),
  ];
  return { settings, warnings: [...reading.warnings, ...openFileWarnings(files)] };
}

/** Of a client certificate that PostgreSQL asks for. */
function keyFiles({ DATABASE_URL: url = '' }: NodeJS.ProcessEnv): SettingsFile[] {
  const path = URL.parse(url)?.searchParams.get('sslkey');
  return path ? [{ path, shown: path, secret: true }] : [];
}

function readFile({ path, from, shown }: ReturnType<typeof locateSettings>): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    const problem = missing
      ? `there is no settings file at ${path} (${from})`
      : `the settings file ${path} (${from}) cannot be read (${code})`;
    const fix = missing
      ? 'Copy pmsync.example.yaml to it and fill it in, or try ./pmsync demo, which needs none'
      : 'Make it a text file that this user may read';
    throw new SettingsError([{ file: shown, place: '', problem, fix }], { cause });
  }
}
