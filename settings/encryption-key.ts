export const KEY_BYTES = 32;

/** 32 bytes written as 64 hex digits or as base64; undefined for anything else. */
export function parseEncryptionKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES ? key : undefined;
}

/** As they are written: between commas. */
export function splitEncryptionKeys(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** Keys between commas, the newest first: that one encrypts, all of them decrypt. Undefined when one of them is no key. */
export function parseEncryptionKeys(text: string): [Buffer, ...Buffer[]] | undefined {
  const keys = splitEncryptionKeys(text).map(parseEncryptionKey);
  return keys.every((key) => key !== undefined) ? (keys as [Buffer, ...Buffer[]]) : undefined;
}
