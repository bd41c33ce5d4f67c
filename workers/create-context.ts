import type { ApplyTarget } from '../db/apply/target.ts';
import { askDatabase } from '../db/ask-database.ts';
import type { Db } from '../db/connection.ts';
import { hasSession, idleSessions } from '../db/source-sessions.ts';
import type { JobContext } from '../jobs/define-job.ts';
import { createEnqueue } from '../jobs/enqueue.ts';
import { entityOf } from '../jobs/entity-of.ts';
import { paceMs } from '../jobs/fetch-queue.ts';
import { lookUp } from '../jobs/follow-up.ts';
import type { Queues } from '../jobs/queues.ts';
import type { Logger } from '../log/create-logger.ts';
import type { Settings } from '../settings/settings.ts';
import type { Account, SourceDefinition } from '../sources/define-source.ts';
import { Rejected } from '../sources/errors.ts';
import { connectSource, type HttpOptions, type SourceConnection } from '../sources/http.ts';
import { createApply } from './create-apply.ts';
import { createLandFound } from './create-land-found.ts';
import { createPaced } from './create-paced.ts';
import { createReadLookup } from './create-read-lookup.ts';
import { createMeasures, type Measures } from './measures.ts';
import { createRequestMeter } from './request-meter.ts';
import { createSharedTurns, type SharedTurns } from './shared-turns.ts';
import { type TraceRequest, watchRequests } from './watch-requests.ts';

/** A session that occupies something is given back after so long without a request. */
const IDLE_MS = 60_000;
/** While a large run lands, each page misses a few records: a look-up costs half as much when it is one of many. */
const LOOK_UPS_EVERY_MS = 1000;

export interface Parts {
  db: Db;
  /** For connections besides those of `db`. Holds a password. */
  databaseUrl: string;
  queues: Queues;
  settings: Settings;
  sources: ReadonlyMap<string, SourceDefinition>;
  log: Logger;
  /** Set where requests are traced. */
  trace?: TraceRequest | undefined;
}

export type WorkerContext = JobContext & {
  /** Writes down the requests that have gone out and are not counted yet. */
  flushRequests(): Promise<void>;
  /** Begins the look-ups that wait for others, and waits until they are sent out. */
  stopLookUps(): Promise<void>;
  databaseUrl: string;
  measures: Measures;
  /** Gives back the sessions that occupy something at their vendor. Whoever still needs one opens another. */
  endSessions(): Promise<void>;
  /** Ends the vendors' connections; what is under way there is cut off. */
  close(): void;
};

/** Puts together what every handler works with. Database and queues are the caller's. */
export function createContext({ db, databaseUrl, queues, settings, sources, log, trace }: Parts): WorkerContext {
  const connections = new Map<string, SourceConnection>();
  const shared: SharedTurns[] = [];
  const meter = createRequestMeter(db, log);
  const targets = new Map<string, ApplyTarget>();
  const measures = createMeasures();

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

  function connectionOf(source: string, name: string) {
    const definition = sources.get(source);
    const of = account(source, name);
    if (!definition || !of) {
      throw new Rejected(`The account ${source}.${name} is not in the settings any more.`, { source, account: name });
    }
    const id = `${source} ${name}`;
    const connection = connections.get(id) ?? connectSource(definition, of, connectionOptions(definition, name));
    connections.set(id, connection);
    return { account: of, connection };
  }

  function connectionOptions(definition: SourceDefinition, name: string): HttpOptions {
    const { name: source, sequential, entities, limits } = definition;
    const sessionClass = 'auth' in limits ? 'auth' : 'read';
    const around = watchRequests({ source, account: name, sessionClass }, { meter, measures, trace });
    if (!sequential) return { around, sessionPaceMs: sessionPace(source) };
    const mine = createSharedTurns(db, { source, account: name }, entities[0]?.name ?? '');
    shared.push(mine);
    return { around, turns: mine.turns };
  }

  function vendor(source: string, name: string, rateClass?: string) {
    const { account: of, connection } = connectionOf(source, name);
    return { account: of, http: connection.open(rateClass), askDatabase: askDatabase(db) };
  }

  /** The sources in the settings whose sessions have to be given back. */
  const occupying = () => settings.sources.filter(({ name }) => sources.get(name)?.closeSession);

  /** A database that is away must not keep anybody from leaving. */
  const isOpen = (source: string, name: string) =>
    hasSession(db, { source, account: name }).catch((error: unknown) => {
      log.warn({ err: error, source, account: name }, 'nobody knows whether a session is open');
      return false;
    });

  async function endSession(source: string, name: string): Promise<void> {
    const { connection } = connectionOf(source, name);
    // It runs out by itself in the end; and whoever is refused a session meanwhile says so.
    await connection.endSession().catch((error: unknown) => {
      log.warn({ err: error, source, account: name }, 'a session could not be given back');
    });
  }

  const apply = createApply(db, target);
  const lookUps = createPaced<{ source: string; entity: string }>(
    ({ source, entity }) => lookUp(context, source, entity),
    {
      everyMs: LOOK_UPS_EVERY_MS,
      onError: (error) => log.warn({ err: error }, 'look-ups could not be sent out; the sweep will do it'),
    },
  );
  const context: WorkerContext = {
    db,
    databaseUrl,
    queues,
    settings,
    sources,
    log,
    enqueue: createEnqueue(queues),
    target,
    vendor,
    measures,
    ...apply,
    lookUps,
    readLookup: createReadLookup(db),
    landFound: createLandFound(db, target, apply.inTurn),
    flushRequests: meter.flush,
    stopLookUps: lookUps.close,
    async endIdleSessions() {
      for (const { name: source, accounts } of occupying()) {
        const idle = await idleSessions(db, source, sources.get(source)?.sessionIdleMs ?? IDLE_MS);
        for (const { name } of accounts) if (idle.includes(name)) await endSession(source, name);
      }
    },
    async endSessions() {
      for (const { name: source, accounts } of occupying())
        for (const { name } of accounts)
          if (connections.has(`${source} ${name}`) && (await isOpen(source, name))) await endSession(source, name);
    },
    close() {
      meter.close();
      for (const mine of shared) mine.close();
      for (const connection of connections.values()) connection.close();
    },
  };
  return context;
}
