import { z } from 'zod';
import type { JobContext } from '../../../jobs/define-job.ts';
import { previewRequeue, type RequeuePreview } from '../../../operations/preview-requeue.ts';
import { parseIdsFile, sortIds } from '../../../operations/read-ids.ts';
import { UsageError } from '../../../operations/usage-error.ts';
import type { Language } from '../../../words/dictionary.ts';
import { optionalText, texts, ticked } from '../../page/fields.ts';

/** Whose ids: `target` from the form's one list, or `source` and `entity`. */
const whose = {
  target: optionalText.describe('`<source>/<entity>`, as the form sends it.'),
  source: optionalText,
  entity: optionalText,
  account: optionalText.describe('Records of this account only.'),
  refetch: ticked.describe('Read the records again at the source first.'),
};

export const previewBody = z.object({
  ...whose,
  ids: texts.describe('External ids; each text may hold several, between blanks, commas or line breaks.'),
  file: z.any().optional().describe('Instead: a CSV file, in a multipart form.'),
});

export const requeueBody = z.object({
  ...whose,
  ids: texts.describe('External ids; each text may hold several, between blanks, commas or line breaks.'),
  reason: optionalText.describe('For the audit log.'),
});

export interface Whose {
  source: string;
  entity: string;
  account: string | undefined;
  /** False: the source has no such account. */
  isAccount: boolean;
  /** Whether the source can read one of them. */
  canRefetch: boolean;
}

type Named = Partial<Record<'target' | 'source' | 'entity' | 'account', string | undefined>>;

/** Undefined for a source or entity that the settings do not have. */
export function whoseOf({ settings, sources }: JobContext, { target, account, ...named }: Named): Whose | undefined {
  const [source, entity] = target?.split('/') ?? [named.source, named.entity];
  const configured = settings.sources.find(({ name }) => name === source);
  const definition = sources.get(source ?? '')?.entities.find(({ name }) => name === entity);
  if (!configured || !definition) return undefined;
  return {
    source: configured.name,
    entity: definition.name,
    account,
    isAccount: account === undefined || configured.accounts.some(({ name }) => name === account),
    canRefetch: definition.one !== undefined,
  };
}

/** What was asked for, and what is known of it. */
export interface PreviewPage {
  source: string;
  entity: string;
  account: string | null;
  /** The source has no such account. */
  wrong_account: boolean;
  can_refetch: boolean;
  /** In the order they were given, each once. */
  ids: string[];
  /** What was pasted and is no id. */
  wrong: string[];
  /** Why the file cannot be read. */
  problem: string | null;
  /** Null when there is no id to look at. */
  preview: RequeuePreview | null;
}

export async function readPreview(
  context: JobContext,
  { source, entity, account, isAccount, canRefetch }: Whose,
  {
    ids: pasted,
    file,
    refetch,
    language,
  }: { ids: readonly string[]; file?: unknown; refetch: boolean; language: Language },
): Promise<PreviewPage> {
  const { ids: typed, wrong } = sortIds(pasted);
  const { ids: listed, problem } = readFile(file, entity, language);
  const ids = [...new Set([...typed, ...listed])];
  const isReady = ids.length > 0 && problem === null && isAccount;
  const order = { source, entity, account, ids, refetch: refetch && canRefetch };
  return {
    source,
    entity,
    account: account ?? null,
    wrong_account: !isAccount,
    can_refetch: canRefetch,
    ids,
    wrong,
    problem,
    preview: isReady ? await previewRequeue(context, order) : null,
  };
}

function readFile(file: unknown, entity: string, language: Language): { ids: string[]; problem: string | null } {
  const bytes = Buffer.isBuffer(file) ? file : Buffer.from(typeof file === 'string' ? file : '');
  if (bytes.length === 0) return { ids: [], problem: null };
  try {
    return { ids: parseIdsFile(bytes, entity, language), problem: null };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { ids: [], problem: error.message };
  }
}
