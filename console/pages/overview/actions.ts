import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { JobContext } from '../../../jobs/define-job.ts';
import { pause, resume } from '../../../operations/pause.ts';
import { runNow } from '../../../operations/run-now.ts';
import { UnknownName } from '../../../operations/targets.ts';
import { addAction } from '../../page/add-action.ts';
import { optionalText, ticked } from '../../page/fields.ts';
import { localPath } from '../../page/local-path.ts';
import { idOf } from '../../page/path-to.ts';
import type { Visit } from '../../page/visit.ts';
import type { Said } from './said.ts';
import { pauseAnswer, runAnswer } from './schemas.ts';

const target = z.object({
  source: z.string().min(1),
  account: z.string().min(1),
  entity: optionalText.describe('Without one: the whole account.'),
  reason: optionalText.describe('For the audit log.'),
  back: optionalText.describe('Where a form leads on to.'),
});
type Target = z.infer<typeof target>;
const asked = target.extend({ full: ticked.describe('Everything, not only what is new.') });

/** Run now, pause, resume: of an account or one of its entities. */
export function addOverviewActions(app: FastifyInstance, context: JobContext): void {
  addAction(app, {
    path: '/run',
    api: '/api/run',
    summary: 'Asks for a run of an entity, or of all entities of an account',
    body: asked,
    answer: runAnswer,
    perform: ({ body }, visit) => ifKnown(() => runNow(context, body, body, byOf(body, visit))),
    next: ({ requested, refused }, { body }) => backTo(body, saidOfRun(requested.length, refused.length)),
  });
  addAction(app, {
    path: '/pause',
    api: '/api/pause',
    summary: 'Stops an account or an entity until it is resumed',
    body: target,
    answer: pauseAnswer,
    perform: ({ body }, visit) => ifKnown(() => pause(context, body, byOf(body, visit))),
    next: ({ changed }, { body }) => backTo(body, changed ? 'paused' : 'same'),
  });
  addAction(app, {
    path: '/resume',
    api: '/api/resume',
    summary: 'Lets an account or an entity that was paused go on',
    body: target,
    answer: pauseAnswer,
    perform: ({ body }, visit) => ifKnown(() => resume(context, body, byOf(body, visit))),
    next: ({ changed }, { body }) => backTo(body, changed ? 'resumed' : 'same'),
  });
}

const byOf = ({ reason }: Target, { visitor }: Visit) => ({ actor: visitor.actor, reason });

function saidOfRun(requested: number, refused: number): Said {
  if (refused === 0) return 'run';
  return requested === 0 ? 'is-paused' : 'partly';
}

/** What the settings do not have is not found. */
async function ifKnown<R>(work: () => Promise<R>): Promise<R | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnknownName) return undefined;
    throw error;
  }
}

function backTo({ source, account, back }: Target, said: Said): string {
  const url = new URL(localPath(back), 'http://console.invalid');
  url.searchParams.set('said', said);
  return `${url.pathname}${url.search}#${idOf('account', source, account)}`;
}
