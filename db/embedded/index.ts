export { EmbeddedPostgresError } from './embedded-postgres-error.ts';
export { type EmbeddedPostgresStatus, embeddedPostgresStatus } from './embedded-postgres-status.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, openEmbeddedPostgres } from './open-embedded-postgres.ts';
