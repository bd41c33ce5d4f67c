/** A process that uses the embedded PostgreSQL of a folder until a line arrives on its standard input. */
import { once } from 'node:events';
import { openEmbeddedPostgres } from '../../db/embedded/index.ts';

const postgres = await openEmbeddedPostgres({ dataDir: process.argv[2] ?? '' });
process.stdout.write(`${postgres.url}\n`);
await once(process.stdin, 'data');
await postgres.leave();
process.exit(0);
