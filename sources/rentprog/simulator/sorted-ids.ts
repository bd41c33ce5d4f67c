/** Lists of ids are kept in ascending order; listings read them from the end, newest first. */
function position(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as number) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const includesId = (ids: readonly number[], id: number): boolean => ids[position(ids, id)] === id;

export function insertId(ids: number[], id: number): void {
  const at = position(ids, id);
  if (ids[at] !== id) ids.splice(at, 0, id);
}

/** False when it was not there. */
export function removeId(ids: number[], id: number): boolean {
  const at = position(ids, id);
  if (ids[at] !== id) return false;
  ids.splice(at, 1);
  return true;
}

/** Page `page` (from 1; anything less is 1) of the newest-first listing. */
export function pageOfIds(ids: readonly number[], page: number, size: number): number[] {
  const end = ids.length - (Math.max(page, 1) - 1) * size;
  return end <= 0 ? [] : ids.slice(Math.max(0, end - size), end).reverse();
}
