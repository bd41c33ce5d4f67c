import { pathTo } from './path-to.ts';

export interface RecordName {
  source: string;
  entity: string;
  external_id: string;
}

/** `/records/<source>/<entity>/<id>`; ids may hold anything. */
export function recordPath({ source, entity, external_id: id }: RecordName, account?: string): string {
  return pathTo(`/records/${[source, entity, id].map(encodeURIComponent).join('/')}`, { account });
}

export function runPath(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}
