import type { LandedRecord } from '../db/landing/land-records.ts';
import type { PackedPayload } from '../db/packed-payload.ts';

/** A few pages; what is older is read back from the landing. */
const MOST_KEPT = 2000;

/**
 * Payloads that this process has landed a moment ago and is about to apply, by external id and hash: they need not be read
 * back. Whether the landing still has just this one, the hash tells.
 */
export function createLandedPayloads() {
  const kept = new Map<string, PackedPayload>();
  return {
    keep(landed: readonly LandedRecord[]): void {
      // Copies: a piece of an answer would keep all of it.
      for (const { externalId, hash, json } of landed) kept.set(externalId, { hash, json: Buffer.from(json) });
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(oldest);
      }
    },
    /** Payloads of these records by their hash; they are not kept any longer. */
    take(externalIds: readonly string[]): Map<string, Uint8Array> {
      const taken = new Map<string, Uint8Array>();
      for (const externalId of externalIds) {
        const found = kept.get(externalId);
        if (!found) continue;
        kept.delete(externalId);
        taken.set(found.hash, found.json);
      }
      return taken;
    },
  };
}
