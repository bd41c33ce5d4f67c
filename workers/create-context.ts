import type { ApplyTarget } from '../db/apply/target.ts';
import type { Db } from '../db/connection.ts';
import type { JobContext } from '../jobs/define-job.ts';
import { createEnqueue } from '../jobs/enqueue.ts';
import { entityOf } from '../jobs/entity-of.ts';
import { paceMs } from '../jobs/fetch-queue.ts';
import type { Queues } from '../jobs/queues.ts';
import type { Logger } from '../log/create-logger.ts';
import type { Settings } from '../settings/settings.ts';
import type { Account, SourceDefinition } from '../sources/define-source.ts';
import { Rejected } from '../sources/errors.ts';
import { connectSource, type SourceConnection } from '../sources/http.ts';
import { createApply } from './create-apply.ts';

export interface Parts {
  db: Db;
  queues: Queues;
  settings: Settings;
  sources: ReadonlyMap<string, SourceDefinition>;
  log: Logger;
}

/** `close` ends the vendors' connections; what is under way there is cut off. */
export type WorkerContext = JobContext & { close(): void };

/** Puts together what every handler works with. Database and queues are the caller's. */
export function createContext({ db, queues, settings, sources, log }: Parts): WorkerContext {
  const connections = new Map<string, SourceConnection>();
  const targets = new Map<string, ApplyTarget>();

  function account(source: string, name: string): Account | undefined {
    return settings.sources.find((s) => s.name === source)?.accounts.find((a) => a.name === name);
  }

  function target(source: string): ApplyTarget {
    let known = targets.get(source);
    if (!known) {
      const parents = new Set(
        sources.get(source)?.entities.flatMap((entity) => entity.references.map((reference) => reference.entity)),
      );
      known = {
        source,
        entity: (name) => entityOf(sources, source, name),
        account: (name) => account(source, name),
        isParent: (entity) => parents.has(entity),
      };
      targets.set(source, known);
    }
    return known;
  }

  /** Sessions are opened outside the queues, by the rate class `auth` where a source has one. */
  function sessionPace(source: string): number {
    const limit = settings.sources.find((s) => s.name === source)?.limits.auth;
    return limit ? paceMs(limit) : 0;
  }

  function vendor(source: string, name: string) {
    const definition = sources.get(source);
    const of = account(source, name);
    if (!definition || !of) {
      throw new Rejected(`The account ${source}.${name} is not in the settings any more.`, { source, account: name });
    }
    const id = `${source} ${name}`;
    const connection = connections.get(id) ?? connectSource(definition, of, { sessionPaceMs: sessionPace(source) });
    connections.set(id, connection);
    return { account: of, http: connection.open() };
  }

  return {
    db,
    queues,
    settings,
    sources,
    log,
    enqueue: createEnqueue(queues),
    target,
    vendor,
    ...createApply(db, target),
    close() {
      for (const connection of connections.values()) connection.close();
    },
  };
}
