/** What `global-setup.ts` hands to the test files; read it with `inject`. */
declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL superuser's address; tests do not use it directly but through `createTestDatabase`. */
    postgresUrl: string;
    /** A database with the newest schema; every test database is a copy of it. */
    templateDatabase: string;
    /** Null when this machine has no Redis: the Redis half of the tests is then left out. */
    redisUrl: string | null;
  }
}

export type {};
