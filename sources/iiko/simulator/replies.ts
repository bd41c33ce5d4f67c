export interface Reply {
  status: number;
  type: 'application/json' | 'application/xml' | 'text/html' | 'text/plain';
  body: string | Buffer;
  headers?: Record<string, string>;
}

export const json = (body: string): Reply => ({ status: 200, type: 'application/json', body });
export const xml = (body: string): Reply => ({ status: 200, type: 'application/xml', body });
/** Errors are plain text, and the whole body is the message. */
export const plain = (body: string, status = 200): Reply => ({ status, type: 'text/plain', body });

export const restartPage: Reply = {
  status: 200,
  type: 'text/html',
  body: '<!DOCTYPE html><html><head><title>iikoServer</title></head><body><h1>Сервер запускается</h1></body></html>',
};

export const half = (reply: Reply): Reply => {
  const body = Buffer.from(reply.body);
  return { ...reply, body: body.subarray(0, Math.floor(body.length / 2)) };
};
