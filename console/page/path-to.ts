/** `/runs?source=rentprog`: what is not given stays out of the address. */
export function pathTo(path: string, query: Record<string, string | number | null | undefined | false> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null || value === false || value === '' ? [] : [[name, String(value)] as const],
  );
  return given.length > 0 ? `${path}?${new URLSearchParams(Object.fromEntries(given))}` : path;
}

/** An id for an element, out of names of the settings. */
export function idOf(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[^\p{L}\p{N}_-]/gu, '_')).join('-');
}
