import { afterAll } from 'vitest';
import { forgetSecrets } from '../../log/redact.ts';
import { assertNothingLeftOpen, openResources } from './leaks.ts';

// Tests use the servers they are given, never the ones of whoever runs them.
for (const name of ['DATABASE_URL', 'REDIS_URL', 'PMSYNC_CONFIG', 'PMSYNC_DATA_DIR', 'CONSOLE_PASSWORD', 'LOG_DIR']) {
  delete process.env[name];
}

// What the file before has made known would be left out of this one's texts.
forgetSecrets();

const before = openResources();

// Registered first, so it runs last: after the file's own clean-up.
afterAll(() => assertNothingLeftOpen(before));
