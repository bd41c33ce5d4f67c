import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { REPORT_CSS } from '../../reports/render-html.ts';

const own = (name: string) => new URL(`../assets/${name}`, import.meta.url);
const packaged = (path: string) => new URL(import.meta.resolve(path));

const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

/** Every file that pages load. Few and known, so no folder is served. */
const FILES: Record<string, { at: URL; type: string }> = {
  'style.css': { at: own('style.css'), type: CSS },
  'print.css': { at: own('print.css'), type: CSS },
  'app.js': { at: own('app.js'), type: SCRIPT },
  'live.js': { at: own('live.js'), type: SCRIPT },
  'charts.js': { at: own('charts.js'), type: SCRIPT },
  'select.js': { at: own('select.js'), type: SCRIPT },
  'hotel.css': { at: own('hotel.css'), type: CSS },
  'hotel.js': { at: own('hotel.js'), type: SCRIPT },
  'icon.svg': { at: own('icon.svg'), type: 'image/svg+xml' },
  'pico.css': { at: packaged('@picocss/pico/css/pico.min.css'), type: CSS },
  'uplot.css': { at: packaged('uplot/dist/uPlot.min.css'), type: CSS },
  'uplot.js': { at: packaged('uplot/dist/uPlot.esm.js'), type: SCRIPT },
};

/** `/assets/…`, without a password: the sign-in page needs them, and they say nothing. */
export async function addAssets(app: FastifyInstance): Promise<void> {
  for (const [name, { at, type }] of Object.entries(FILES)) serve(name, type, await readFile(at));
  serve('report.css', CSS, Buffer.from(REPORT_CSS));

  function serve(name: string, type: string, content: Buffer): void {
    app.get(`/assets/${name}`, { config: { public: true }, schema: { hide: true } }, async (_, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=300').send(content),
    );
  }
}
