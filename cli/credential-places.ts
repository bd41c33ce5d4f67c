import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { locateSettings } from '../settings/locate.ts';
import type { Account, SourceDefinition } from '../sources/define-source.ts';

/** `sources.rentprog.accounts.tbilisi.companyToken (RENTPROG_TBILISI_TOKEN)`: where an account's credentials are set. */
export function credentialPlaces(source: SourceDefinition, account: Account, configPath: string | undefined): string {
  const written = writtenAccount(source.name, account.name, configPath);
  return Object.keys(source.account.shape)
    .map((key) => {
      const [, variable] = /\$\{(\w+)\}/.exec(String(written[key] ?? '')) ?? [];
      return `sources.${source.name}.accounts.${account.name}.${key}${variable ? ` (${variable})` : ''}`;
    })
    .join(', ');
}

/** The account as the file has it: names of variables, not their values. Only a help for a message, so it may fail. */
function writtenAccount(source: string, account: string, configPath: string | undefined): Record<string, unknown> {
  try {
    const { path } = locateSettings({ configPath, env: process.env, cwd: process.cwd() });
    const file = parse(readFileSync(path, 'utf8'));
    return file?.sources?.[source]?.accounts?.[account] ?? {};
  } catch {
    return {};
  }
}
