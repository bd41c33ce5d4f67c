export interface Reply {
  status: number;
  type: 'application/json' | 'text/html' | 'text/plain';
  body: string | Buffer;
  headers?: Record<string, string>;
}

export const json = (body: string | Buffer, status = 200): Reply => ({ status, type: 'application/json', body });

/** The shape of error bodies is unknown, so each of the likely ones is served in turn. */
export function problem(status: number, message: string, turn: number): Reply {
  switch (turn % 4) {
    case 0:
      return { status, type: 'text/plain', body: message };
    case 1:
      return json(JSON.stringify({ error: message }), status);
    case 2:
      return json(JSON.stringify({ errors: [message] }), status);
    default:
      return json(JSON.stringify({ message }), status);
  }
}

export const html = (status: number, title: string): Reply => ({
  status,
  type: 'text/html',
  body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><hr>nginx</body></html>`,
});

export const half = (reply: Reply): Reply => {
  const body = Buffer.from(reply.body);
  return { ...reply, body: body.subarray(0, Math.floor(body.length / 2)) };
};
