import type { ApplyTarget } from '../db/apply/target.ts';
import type { Db } from '../db/connection.ts';
import type { JobContext } from '../jobs/define-job.ts';
import { createEnqueue } from '../jobs/enqueue.ts';
import { entityOf } from '../jobs/entity-of.ts';
import type { Queues } from '../jobs/queues.ts';
import type { Logger } from '../log/create-logger.ts';
import type { Settings } from '../settings/settings.ts';
import type { Account, SourceDefinition } from '../sources/define-source.ts';
import { Rejected } from '../sources/errors.ts';
import { connectSource, type SourceConnection } from '../sources/http.ts';
import { createApplyOne } from './apply-one.ts';

export interface Parts {
  db: Db;
  queues: Queues;
  settings: Settings;
  sources: ReadonlyMap<string, SourceDefinition>;
  log: Logger;
}

/** Puts together what every handler works with. `close` ends the vendors' connections; database and queues are the caller's. */
export function createContext({ db, queues, settings, sources, log }: Parts): JobContext & { close(): void } {
  const connections = new Map<string, SourceConnection>();
  const targets = new Map<string, ApplyTarget>();

  function account(source: string, name: string): Account {
    const found = settings.sources.find((s) => s.name === source)?.accounts.find((a) => a.name === name);
    if (!found)
      throw new Rejected(
        `The account ${source}.${name} is not in the settings any more; put it back to apply its records.`,
        { source, account: name },
      );
    return found;
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

  function http(source: string, name: string) {
    const id = `${source} ${name}`;
    let connection = connections.get(id);
    if (!connection) {
      const definition = sources.get(source);
      if (!definition) throw new Error(`There is no source "${source}".`);
      connection = connectSource(definition, account(source, name));
      connections.set(id, connection);
    }
    return connection.open();
  }

  return {
    db,
    queues,
    settings,
    sources,
    log,
    enqueue: createEnqueue(queues),
    target,
    http,
    applyOne: createApplyOne(db, target),
    close() {
      for (const connection of connections.values()) connection.close();
    },
  };
}
