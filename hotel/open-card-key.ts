import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_BYTES, parseEncryptionKeys } from '../settings/encryption-key.ts';
import { SettingsError } from '../settings/settings-error.ts';

export interface CardKeyPlace {
  /** `PMSYNC_ENCRYPTION_KEY` as it is written. */
  encryptionKey?: string | undefined;
  /** Folder of the embedded database; a key file is made in it. Undefined for a database of somebody else's. */
  embeddedDataDir?: string | undefined;
}

/** The key that encrypts card numbers. */
export function openCardKey(place: CardKeyPlace): Buffer | undefined {
  return openCardKeys(place)?.[0];
}

/**
 * The keys of card numbers, the newest first: those that are set; with the embedded database else those in a file beside it,
 * made when there is none, that only its owner may read. Undefined when there is no key. Throws a `SettingsError` for a file
 * that is no key.
 */
export function openCardKeys({ encryptionKey, embeddedDataDir }: CardKeyPlace): [Buffer, ...Buffer[]] | undefined {
  if (encryptionKey) return parseEncryptionKeys(encryptionKey);
  if (embeddedDataDir === undefined) return undefined;
  const path = join(embeddedDataDir, 'encryption.key');
  if (!existsSync(path)) makeKey(path);
  const keys = parseEncryptionKeys(readFileSync(path, 'utf8').trim());
  if (keys) return keys;
  const fix = 'Put back the right file; without it the card numbers cannot be read. Or set PMSYNC_ENCRYPTION_KEY';
  throw new SettingsError([{ file: path, place: '', problem: 'is no key of 32 bytes', fix }]);
}

/** Whole or not at all, and never over another one: two processes that begin at once then use the same. */
function makeKey(path: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
