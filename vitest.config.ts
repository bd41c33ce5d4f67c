import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const SECOND = 1_000;
/** One more than processors: tests wait for a third of their time. */
const maxWorkers = Math.min(4, availableParallelism() + 1);
/** Tests that wait for processes and servers get a second chance where other work takes the machine away; the report says so. */
const retry = process.env.CI ? 1 : 0;
/** What takes minutes together: whole loads, budgets over time, things being killed. CI and `npm run test:all` run them too. */
const LONG = [
  'test/chaos/**',
  'test/contract/secrecy.contract.test.ts',
  'test/fuzz/records.integration.test.ts',
  ...['console-pages', 'demo', 'litepms-budget', 'rate-limits', 'start', 'usage'].map(
    (name) => `test/e2e/${name}.test.ts`,
  ),
  ...[
    'analyze',
    'commands',
    'compare',
    'delete',
    'embedded-postgres',
    'iiko-changes',
    'iiko-sessions',
    'iiko-sync',
    'litepms-compare',
    'litepms-deletes',
    'litepms-first-load',
    'litepms-hot-set',
    'litepms-sync',
    'pauses',
    'recovery',
    'rentprog-sync',
    'runs',
    'upgrade-jobs',
    'upgrade-schema',
    'webhooks',
  ].map((name) => `test/integration/${name}.integration.test.ts`),
];
const runsAll = Boolean(process.env.CI || process.env.TEST_ALL || process.env.CHAOS_MINUTES);
const exclude = runsAll ? [] : LONG;
// Files leave nothing behind (test/support/leaks.ts), so those of a worker share what it has loaded.
const isolate = false;
const services = { globalSetup: 'test/support/global-setup.ts', setupFiles: ['test/support/setup.ts'] };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.unit.test.ts', 'sources/**/*.unit.test.ts'],
          setupFiles: ['test/support/setup.ts'],
          // Property tests take seconds when the integration tests use the same cores.
          testTimeout: 30 * SECOND,
          maxWorkers,
          isolate,
        },
      },
      {
        test: {
          ...services,
          name: 'integration',
          retry,
          exclude,
          include: ['test/**/*.integration.test.ts', 'test/contract/**/*.test.ts'],
          testTimeout: 180 * SECOND,
          hookTimeout: 120 * SECOND,
          maxWorkers,
          isolate,
        },
      },
      // Whole systems, and systems being broken: one at a time, because they look at time and at processes.
      {
        test: {
          ...services,
          name: 'e2e',
          retry,
          exclude,
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 240 * SECOND,
          hookTimeout: 120 * SECOND,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...services,
          name: 'chaos',
          retry,
          exclude,
          include: ['test/chaos/**/*.test.ts'],
          testTimeout: 240 * SECOND,
          hookTimeout: 120 * SECOND,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
