import type { FastifyReply } from 'fastify';
import type { Html } from '../../words/html.ts';
import type { Visit } from './visit.ts';

export function sendHtml(reply: FastifyReply, { language }: Visit, page: Html): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-language', language)
    .header('vary', 'accept-language, cookie')
    .send(page.html);
}
