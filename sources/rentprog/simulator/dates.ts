const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** `DD-MM-YYYY H:mm`, as section 6 of the API notes has it: wall time without a zone. */
export function wallTime(ms: number, paddedHour = false): string {
  const at = new Date(ms);
  const hour = at.getUTCHours();
  const day = `${two(at.getUTCDate())}-${two(at.getUTCMonth() + 1)}-${at.getUTCFullYear()}`;
  return `${day} ${paddedHour ? two(hour) : hour}:${two(at.getUTCMinutes())}`;
}

export const isoDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
