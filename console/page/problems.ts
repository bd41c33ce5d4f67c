import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../log/create-logger.ts';
import { UsageError } from '../../operations/usage-error.ts';
import { dictionary } from '../../words/dictionary.ts';
import { html } from '../../words/html.ts';
import { languageOf } from './language.ts';
import { bareLayout } from './layout.ts';
import { sendHtml } from './send-html.ts';
import { visitOf } from './visit.ts';

const words = dictionary({
  en: {
    400: 'This cannot be read',
    403: 'Not allowed',
    404: 'There is no such page',
    413: 'Too large',
    500: 'This failed',
    hint404: 'Perhaps it was there once, or its address was cut off.',
    hint500: 'Nothing is half-done. The log says why.',
    back: 'To the overview',
  },
  ru: {
    400: 'Это не удалось прочитать',
    403: 'Нельзя',
    404: 'Такой страницы нет',
    413: 'Слишком большой запрос',
    500: 'Не получилось',
    hint404: 'Возможно, она была раньше, или адрес обрезан.',
    hint500: 'Ничего не сделано наполовину. Причина записана в журнале.',
    back: 'К обзору',
  },
});

type Known = 400 | 403 | 404 | 413 | 500;
const KNOWN: readonly Known[] = [400, 403, 404, 413, 500];

/** What is wrong with one field of a request. */
export interface FieldProblem {
  field: string;
  problem: string;
}

/**
 * Errors in the form their reader understands: a page for people, a problem document (RFC 9457) under `/api`, else
 * `{ error }`.
 */
export function addProblems(app: FastifyInstance, log: Logger): void {
  app.decorateRequest('isRead', false);
  app.addHook('preHandler', async (request) => {
    request.isRead = true;
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const isAsked = error instanceof UsageError || isUnreadableForm(request);
    const status = error.statusCode ?? (isAsked ? 400 : 500);
    if (status >= 500) log.error({ err: error, route: request.routeOptions.url }, 'console');
    const detail = status >= 500 ? 'This failed; the log says why.' : error.message;
    return sendProblem(request, reply.status(status), { status, detail, errors: fieldsOf(error) });
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply.status(404), { status: 404, detail: 'There is no such page.', errors: [] }),
  );
}

/** A form in parts that breaks off, or has no boundary: the parser throws plain errors. */
function isUnreadableForm({ isRead, headers }: FastifyRequest): boolean {
  return !isRead && /^multipart\//i.test(headers['content-type'] ?? '');
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Its body has been read and checked. */
    isRead: boolean;
  }
}

interface Problem {
  status: number;
  detail: string;
  errors: FieldProblem[];
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, { status, detail, errors }: Problem): FastifyReply {
  if (request.url.startsWith('/api/')) {
    const title = words('en')[nearest(status)];
    const problem = { type: 'about:blank', title, status, detail, ...(errors.length > 0 && { errors }) };
    return reply.type('application/problem+json').send(problem);
  }
  if (!(request.headers.accept ?? '').includes('text/html')) return reply.send({ error: detail });
  const visit = { ...visitOf(request, reply), language: languageOf(request) };
  const say = words(visit.language);
  const title = say[nearest(status)];
  const hint = status === 404 ? say.hint404 : status >= 500 ? say.hint500 : detail;
  return sendHtml(reply, visit, bareLayout(visit, title, html`<p>${hint}</p><p><a href="/">${say.back}</a></p>`));
}

function nearest(status: number): Known {
  return KNOWN.find((known) => known === status) ?? (status >= 500 ? 500 : 400);
}

function fieldsOf({ validation }: FastifyError): FieldProblem[] {
  return (validation ?? []).map(({ instancePath, message }) => ({
    field: instancePath.replace(/^\//, '').replaceAll('/', '.'),
    problem: message ?? 'not valid',
  }));
}
