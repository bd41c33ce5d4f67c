import type { IikoSimulator } from '../../../sources/iiko/simulator.ts';
import type { LitepmsSimulator } from '../../../sources/litepms/simulator.ts';
import type { RentprogSimulator } from '../../../sources/rentprog/simulator.ts';

export interface Simulators {
  rentprog: RentprogSimulator;
  litepms: LitepmsSimulator;
  iiko: IikoSimulator;
}

/** What happens to requests: rates of faults that pass. */
const passing = (rate: number) => ({
  rentprog: {
    rateLimitSeconds: rate,
    rateLimitDate: rate / 2,
    serverErrorHtml: rate,
    truncatedJson: rate,
    htmlOk: rate,
    reset: rate,
    expiredToken: rate / 2,
    slow: { ms: 400, rate },
  },
  litepms: {
    rateLimitSeconds: rate,
    rateLimitDate: rate / 2,
    serverErrorHtml: rate,
    truncatedJson: rate,
    htmlOk: rate,
    reset: rate,
    slow: { ms: 400, rate },
    webhookRepeats: rate,
  },
  iiko: {
    restartPage: rate,
    expiredToken: rate / 2,
    serverError: rate,
    reset: rate,
    truncated: rate,
    malformedOlap: rate,
    emptyOlap: rate,
    slow: { ms: 400, rate },
  },
});

/** What happens to records and lists: they come in other shapes, and are whole again when it is over. */
const shapes = (on: boolean) => {
  const rate = on ? 0.2 : 0;
  return {
    rentprog: {
      pageShift: rate,
      duplicateRows: rate,
      changingPageSize: rate,
      unknownFields: rate,
      wrongTypes: rate,
      brokenRecords: on ? 3 : 0,
    },
    litepms: {
      duplicateRows: rate,
      hideClients: rate,
      unknownFields: rate,
      wrongTypes: rate,
      brokenRecords: on ? 2 : 0,
    },
    iiko: { longDates: on, numbersAsText: on, longNumbers: on, hostileXml: on },
  };
};

function set(simulators: Simulators, ...faults: ReturnType<typeof passing | typeof shapes>[]): void {
  for (const each of faults)
    for (const name of ['rentprog', 'litepms', 'iiko'] as const) Object.assign(simulators[name].faults, each[name]);
}

/** A bad day: now and then something passes wrong. */
export const someTrouble = (simulators: Simulators): void => set(simulators, passing(0.02), shapes(false));
/** Every kind of fault of every vendor, all at once. */
export const allTrouble = (simulators: Simulators): void => set(simulators, passing(0.12), shapes(true));
export const noTrouble = (simulators: Simulators): void => set(simulators, passing(0), shapes(false));

/** Nobody answers any more: every request is cut off. */
export function outOfReach({ rentprog, litepms, iiko }: Simulators): void {
  for (const { faults } of [rentprog, litepms, iiko]) faults.reset = 1;
}
