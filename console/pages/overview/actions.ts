import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { JobContext } from '../../../jobs/define-job.ts';
import { addAction } from '../../page/add-action.ts';
import { optionalText, ticked } from '../../page/fields.ts';
import { localPath } from '../../page/local-path.ts';
import { idOf } from '../../page/path-to.ts';
import { pauseTarget, resumeTarget, runTarget } from './operations.ts';
import type { Said } from './said.ts';

const target = z.object({
  source: z.string().min(1),
  account: z.string().min(1),
  entity: optionalText.describe('Without one: the whole account.'),
  reason: optionalText.describe('For the audit log.'),
  back: optionalText.describe('Where a form leads on to.'),
});
const asked = target.extend({ full: ticked.describe('Everything, not only what is new.') });

/** Run now, pause, resume: of an account or one of its entities. */
export function addOverviewActions(app: FastifyInstance, context: JobContext): void {
  addAction(app, {
    path: '/run',
    api: '/api/run',
    summary: 'Asks for a run of an entity, or of all entities of an account',
    body: asked,
    answer: z.object({
      requested: z.array(z.string()).describe('The entities.'),
      refused: z.literal('paused').optional(),
    }),
    perform: ({ body }, { visitor }) => runTarget(context, body, { actor: visitor.actor, reason: body.reason }),
    next: ({ refused }, { body }) => back(body, refused ? 'is-paused' : 'run'),
  });
  addAction(app, {
    path: '/pause',
    api: '/api/pause',
    summary: 'Stops an account or an entity until it is resumed',
    body: target,
    answer: z.object({ changed: z.boolean().describe('False when it was paused already.') }),
    perform: ({ body }, { visitor }) => pauseTarget(context, body, { actor: visitor.actor, reason: body.reason }),
    next: ({ changed }, { body }) => back(body, changed ? 'paused' : 'same'),
  });
  addAction(app, {
    path: '/resume',
    api: '/api/resume',
    summary: 'Lets an account or an entity that was paused go on',
    body: target,
    answer: z.object({ changed: z.boolean().describe('False when it was not paused.') }),
    perform: ({ body }, { visitor }) => resumeTarget(context, body, { actor: visitor.actor, reason: body.reason }),
    next: ({ changed }, { body }) => back(body, changed ? 'resumed' : 'same'),
  });
}

function back({ source, account, back: from }: z.infer<typeof target>, said: Said): string {
  const url = new URL(localPath(from), 'http://console.invalid');
  url.searchParams.set('said', said);
  return `${url.pathname}${url.search}#${idOf('account', source, account)}`;
}
