import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { languageOf } from '../../console/page/language.ts';
import type { Language } from '../../words/dictionary.ts';
import { explainFault } from '../explain-fault.ts';
import { HotelRule, type HotelRuleCode } from '../hotel-rule.ts';
import { type ShapeIssue, shapeProblems } from '../shape-messages.ts';
import { ApiRefused } from './api-refused.ts';

export const PROBLEM_TYPE = 'application/problem+json';

interface FieldError {
  field: string | null;
  code: string;
  message: string;
  constraint?: string;
}

/** Taken by another record, so the same may go through later on. */
const TAKEN = /_(pkey|key|excl)$/;
const STATUS: Record<HotelRuleCode, number> = {
  RULE_BROKEN: 422,
  ROOM_TAKEN: 409,
  VALUE_MISSING: 422,
  VALUE_INVALID: 400,
  NOT_FOUND: 404,
  CHANGED_MEANWHILE: 412,
  CARD_KEY_MISSING: 422,
  CARD_KEY_WRONG: 500,
};

/** Answers what the hotel refuses with a problem document (RFC 9457) in the language the asker likes. */
export function addHotelProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const language = languageOf(request);
    const rule = explainFault(error);
    if (rule instanceof HotelRule) return sendRule(reply, rule, language);
    if (error instanceof ApiRefused) {
      const { code, status, field, messages } = error;
      return send(reply, status, code, [{ field, code, message: messages[language] }]);
    }
    if (!error.validation) throw error;
    const sent = { body: request.body, querystring: request.query, params: request.params };
    const issues = error.validation.map(issueOf);
    const problems = shapeProblems(issues, sent[error.validationContext as keyof typeof sent]);
    const errors = problems.map(({ field, code, ...messages }) => ({ field, code, message: messages[language] }));
    return send(reply, 400, 'VALUE_INVALID', errors);
  });
}

function sendRule(reply: FastifyReply, rule: HotelRule, language: Language): FastifyReply {
  const { code, field, messages, constraint, conflict, current } = rule;
  const status = constraint && code === 'RULE_BROKEN' && TAKEN.test(constraint) ? 409 : STATUS[code];
  const entry = { field, code, message: messages[language], ...(constraint && { constraint }) };
  return send(reply, status, code, [entry], { ...(conflict && { conflict }), ...(current && { current }) });
}

function send(reply: FastifyReply, status: number, code: string, errors: FieldError[], more: object = {}) {
  const problem = {
    type: `urn:pmsync:hotel:${code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status],
    status,
    detail: errors.map(({ message }) => message).join(' '),
    code,
    errors,
    ...more,
  };
  return reply.status(status).type(PROBLEM_TYPE).send(problem);
}

/** As the validator compiler gives it, back to what zod said. */
function issueOf({
  keyword,
  instancePath,
  message,
  params,
}: NonNullable<FastifyError['validation']>[number]): ShapeIssue {
  const { keys, errors } = params as Pick<ShapeIssue, 'keys' | 'errors'>;
  return { code: keyword, path: instancePath.split('/').filter(Boolean), keys, errors, message: message ?? '' };
}
