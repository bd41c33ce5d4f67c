import type { Fields, Json } from './types.ts';

export interface Reply {
  status: number;
  type: 'application/json' | 'text/html';
  body: string | Buffer;
  headers?: Record<string, string>;
}

/** What a method has to say: a payload with what stands beside it, or an error. */
export type Result = { data: Json; beside?: Fields } | { error: string | string[] };

const json = (body: Json, status = 200): Reply => ({ status, type: 'application/json', body: JSON.stringify(body) });

/** Section 4.1 of the API notes. `turn` chooses one of the ways of saying success; 0 is the expected one. */
export function success(data: Json, beside: Fields, turn: number): Reply {
  switch (turn % 5) {
    case 1:
      return json({ success: true, ...beside, data });
    case 2:
      return json({ success: 'true', ...beside, data });
    case 3:
      return json({ status: 'success', ...beside, response: data });
    case 4:
      return json({ status: 'success', ...beside, data: keyedById(data) });
    default:
      return json({ status: 'success', ...beside, data });
  }
}

/** Section 4.3: HTTP 200, a text or a list of texts. */
export function failure(error: string | string[], turn: number): Reply {
  const asList = turn % 2 === 1 && typeof error === 'string';
  return json({ status: 'error', error: asList ? [error] : error });
}

/** The vendor's text prints some lists as objects. An empty one stays a list, as PHP has it. */
function keyedById(data: Json): Json {
  if (!Array.isArray(data) || data.length === 0) return data;
  const rows = data as Fields[];
  const keyed = Object.fromEntries(rows.map((row) => [String(row.id), row]));
  // A list with repeats has no such form.
  return Object.keys(keyed).length === rows.length ? keyed : data;
}

export const problem = (status: number): Reply => json({ status: 'error', message: `Error ${status}` }, status);

export const html = (status: number, title: string): Reply => ({
  status,
  type: 'text/html',
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><hr>nginx</body></html>`,
});

export const half = (reply: Reply): Reply => {
  const body = Buffer.from(reply.body);
  return { ...reply, body: body.subarray(0, Math.floor(body.length / 2)) };
};
