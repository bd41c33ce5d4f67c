import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cardColumns, decryptCard, decryptWith, encryptCard } from '../../hotel/card.ts';
import { openCardKey, openCardKeys } from '../../hotel/open-card-key.ts';
import { parseEncryptionKey, parseEncryptionKeys } from '../../settings/encryption-key.ts';
import { readEnvironment } from '../../settings/environment.ts';
import { secretsOf } from '../../settings/secrets.ts';

const key = Buffer.from('00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 'hex');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pmsync-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what is encrypted comes back, never looks the same twice, and is as long as the digits and 33', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 13, maxLength: 19 });
  fc.assert(
    fc.property(digits, (number) => {
      const [one, other] = [encryptCard(key, number), encryptCard(key, number)];
      expect(decryptCard(key, one)).toBe(number);
      expect(one.length).toBe(33 + number.length);
      expect(one.equals(other)).toBe(false);
      expect(one.includes(number)).toBe(false);
    }),
  );
});

test('a bit that was changed anywhere is noticed', () => {
  const stored = encryptCard(key, '4000001234567899');
  for (let at = 0; at < stored.length; at += 1) {
    const spoilt = Buffer.from(stored);
    spoilt[at]! ^= 1;
    expect(() => decryptCard(key, spoilt), `byte ${at}`).toThrow(/not in PMSYNC_ENCRYPTION_KEY/);
  }
});

test('another key and a cut number are told apart from ours', () => {
  const stored = encryptCard(key, '4000001234567899');
  expect(() => decryptCard(Buffer.alloc(32), stored)).toThrow(/not in PMSYNC_ENCRYPTION_KEY/);
  expect(() => decryptCard(key, stored.subarray(0, 20))).toThrow(/not in PMSYNC_ENCRYPTION_KEY/);
  expect(() => decryptCard(key, Buffer.alloc(0))).toThrow(/not in PMSYNC_ENCRYPTION_KEY/);
});

test('no card, the same card and a wrong one are three different things', () => {
  expect(cardColumns(undefined, undefined)).toEqual({});
  expect(cardColumns(null, undefined)).toEqual({ card_last4: null, card_encrypted: null });
  for (const number of ['', '123456789012', '12345678901234567890', '４０００００１２３４５６７', '4000001234567 '])
    expect(() => cardColumns(number, key), number).toThrow(/13 to 19 digits/);
  expect(() => cardColumns('4000001234567', undefined)).toThrow(/PMSYNC_ENCRYPTION_KEY is not set/);
});

test('a key is 32 bytes in hex or base64, and anything else is a mistake in the settings', () => {
  expect(parseEncryptionKey(key.toString('hex').toUpperCase())).toEqual(key);
  expect(parseEncryptionKey(key.toString('base64'))).toEqual(key);
  expect(parseEncryptionKey(key.toString('base64url'))).toEqual(key);
  for (const wrong of [
    'short',
    key.toString('hex').slice(1),
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
    `${key.toString('base64')}x`,
  ])
    expect(() => readEnvironment({ PMSYNC_ENCRYPTION_KEY: wrong }), wrong).toThrow(
      /PMSYNC_ENCRYPTION_KEY: is no key of 32 bytes/,
    );
  const environment = readEnvironment({ PMSYNC_ENCRYPTION_KEY: key.toString('base64') });
  expect(new Set(secretsOf(undefined, environment))).toEqual(new Set([key.toString('base64')]));
});

test('several keys between commas all decrypt, and the first one encrypts', () => {
  const other = Buffer.alloc(32, 1);
  const text = ` ${other.toString('hex')}, ${key.toString('base64')}`;
  expect(parseEncryptionKeys(text)).toEqual([other, key]);
  expect(openCardKeys({ encryptionKey: text })).toEqual([other, key]);
  expect(openCardKey({ encryptionKey: text })).toEqual(other);
  const stored = encryptCard(key, '4000001234567899');
  expect(decryptWith([other, key], stored)).toBe('4000001234567899');
  expect(decryptWith([other], stored)).toBeUndefined();
  expect(secretsOf(undefined, readEnvironment({ PMSYNC_ENCRYPTION_KEY: text }))).toEqual(
    expect.arrayContaining([other.toString('hex'), key.toString('base64')]),
  );
  for (const wrong of [`${text},`, `,${text}`, `${text},short`, ','])
    expect(() => readEnvironment({ PMSYNC_ENCRYPTION_KEY: wrong }), wrong).toThrow(/is no key of 32 bytes/);
});

test('the embedded database gets a key file that only its owner reads, and keeps it', () => {
  const made = openCardKey({ embeddedDataDir: folder });
  const path = join(folder, 'encryption.key');
  expect([made?.length, statSync(path).mode & 0o777]).toEqual([32, 0o600]);
  expect(openCardKey({ embeddedDataDir: folder })).toEqual(made);
  expect(openCardKey({ encryptionKey: key.toString('hex'), embeddedDataDir: folder })).toEqual(key);
  expect(openCardKey({})).toBeUndefined();
  writeFileSync(path, readFileSync(path, 'utf8').slice(5));
  expect(() => openCardKey({ embeddedDataDir: folder })).toThrow(/is no key of 32 bytes/);
});
