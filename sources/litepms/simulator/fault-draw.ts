import { hash, hashText, share } from './random.ts';

const MOST_IN_A_ROW = 3;

export interface FaultDraw {
  /** A harmless happening: no limit in a row. */
  chance(name: string, rate: number): boolean;
  /** A happening that spoils the answer: at most three times in a row for one request, unless the rate is 1. */
  spoils(name: string, rate: number): boolean;
  /** To be called when the answer is out. */
  done(): void;
}

/** Draws hang on the seed, the request and how often it came, not on the order in which different requests arrive. */
export function createFaultDraws(seed: number): (request: string) => FaultDraw {
  const known = new Map<string, { times: number; failures: number }>();

  return (request) => {
    let entry: { times: number; failures: number } | undefined;
    let spoilt = false;
    const requestHash = hashText(request);

    function draw(name: string, rate: number): boolean {
      if (!entry) {
        entry = known.get(request) ?? { times: 0, failures: 0 };
        entry.times++;
        known.set(request, entry);
      }
      return share(hash(hash(seed, hashText(name), entry.times), 131, requestHash)) < rate;
    }

    return {
      chance: (name, rate) => rate > 0 && draw(name, rate),
      spoils(name, rate) {
        if (rate <= 0 || !draw(name, rate)) return false;
        if (!entry || (rate < 1 && entry.failures >= MOST_IN_A_ROW)) return false;
        entry.failures++;
        spoilt = true;
        return true;
      },
      done() {
        if (entry && !spoilt) entry.failures = 0;
      },
    };
  };
}
