import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { dictionary } from '../../words/dictionary.ts';
import { html } from '../../words/html.ts';
import { optionalText } from '../page/fields.ts';
import { bareLayout, csrfField } from '../page/layout.ts';
import { localPath } from '../page/local-path.ts';
import { sendHtml } from '../page/send-html.ts';
import { visitOf } from '../page/visit.ts';
import { type Passwords, roleOf } from './passwords.ts';
import { refuseForNow, SIGN_IN_PATH } from './require-sign-in.ts';
import { endSession, openSession } from './session.ts';
import type { Throttle } from './throttle.ts';

const words = dictionary({
  en: {
    title: 'Sign in',
    name: 'Your name',
    nameHint: 'It stands in the audit log beside what you do.',
    password: 'Password',
    enter: 'Sign in',
    wrong: 'This is not the password. It is that of CONSOLE_PASSWORD, or of CONSOLE_VIEWER_PASSWORD.',
  },
  ru: {
    title: 'Вход',
    name: 'Ваше имя',
    nameHint: 'Оно записывается в журнал действий рядом с тем, что вы делаете.',
    password: 'Пароль',
    enter: 'Войти',
    wrong: 'Пароль неверный. Это значение CONSOLE_PASSWORD или CONSOLE_VIEWER_PASSWORD.',
  },
});

const LONGEST_NAME = 60;
const body = z.object({
  name: optionalText.pipe(z.string().max(LONGEST_NAME).optional()),
  password: z.string().max(1000),
  back: z.string().optional(),
  _csrf: z.string().optional(),
});
type Body = z.infer<typeof body>;

/** `/sign-in` and `/sign-out`. */
export function addSignIn(app: FastifyInstance, passwords: Passwords, throttle: Throttle): void {
  const config = { public: true };
  const querystring = z.object({ back: z.string().optional() });
  app.get<{ Querystring: { back?: string } }>(
    SIGN_IN_PATH,
    { config, schema: { hide: true, querystring } },
    async (request, reply) => form(request, reply, { back: request.query.back }),
  );
  app.post<{ Body: Body }>(SIGN_IN_PATH, { config, schema: { hide: true, body } }, async (request, reply) => {
    const { name, password, back } = request.body;
    const waitMs = throttle.waitMs(request.ip);
    if (waitMs > 0) return refuseForNow(reply, waitMs);
    const role = roleOf(password, passwords);
    if (!role) {
      throttle.fail(request.ip);
      return form(request, reply.status(401), { back, name, isWrong: true });
    }
    openSession(reply, { role, name: name ?? `console (${role})` });
    return reply.redirect(localPath(back), 303);
  });
  app.post('/sign-out', { config: { forViewers: true }, schema: { hide: true } }, async (_, reply) => {
    endSession(reply);
    return reply.redirect(SIGN_IN_PATH, 303);
  });
}

function form(
  request: FastifyRequest,
  reply: FastifyReply,
  { back = '/', name, isWrong }: { back?: string | undefined; name?: string | undefined; isWrong?: boolean },
): FastifyReply {
  const visit = visitOf(request, reply);
  const say = words(visit.language);
  const page = html`
${isWrong && html`<p role="alert" class="notice bad">${say.wrong}</p>`}
<form method="post" action="${SIGN_IN_PATH}">
${csrfField(visit)}<input type="hidden" name="back" value="${back}">
<label>${say.name} <input name="name" autocomplete="username" maxlength="${LONGEST_NAME}" value="${name}" aria-describedby="name-hint"></label>
<small id="name-hint">${say.nameHint}</small>
<label>${say.password} <input type="password" name="password" autocomplete="current-password" required autofocus></label>
<button>${say.enter}</button>
</form>`;
  return sendHtml(reply, visit, bareLayout(visit, say.title, page));
}
