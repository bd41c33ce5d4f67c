/*
 * Loaded into a process by `--import` where libfaketime is not installed: what JavaScript says the time is follows the file
 * PMSYNC_TEST_CLOCK, which holds a number of seconds to add. Timers, like a real clock that is set, go on as they were.
 */
import { readFileSync, watchFile } from 'node:fs';

const file = process.env.PMSYNC_TEST_CLOCK ?? '';
const RealDate = Date;
let shiftMs = 0;
const read = () => {
  shiftMs = Number(readFileSync(file, 'utf8').replace('s', '')) * 1000;
};
read();
watchFile(file, { interval: 100, persistent: false }, read);

const now = () => RealDate.now() + shiftMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (real, args, target) => Reflect.construct(real, args.length === 0 ? [now()] : args, target),
  apply: (real) => new real(now()).toString(),
  get: (real, name) => (name === 'now' ? now : Reflect.get(real, name)),
});
