/** A path of the console with the parts of a query that have a value. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined | false>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== false && value !== '') search.append(name, String(value));
  }
  return search.size > 0 ? `${path}?${search}` : path;
}

export interface RecordName {
  source: string;
  entity: string;
  external_id: string;
}

/** `/records/<source>/<entity>/<id>`; ids may hold anything. */
export function recordPath({ source, entity, external_id: id }: RecordName, account?: string): string {
  return withQuery(`/records/${[source, entity, id].map(encodeURIComponent).join('/')}`, { account });
}

export function runPath(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}
