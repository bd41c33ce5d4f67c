import { writeFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { readReport } from '../../reports/read-report.ts';
import { renderHtml } from '../../reports/render-html.ts';
import { renderMarkdown } from '../../reports/render-markdown.ts';
import { type RentprogSimulatorOptions, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { accountsOf, type System, startSystem } from '../support/system.ts';

const [backend] = queueBackends();

describe('the error report', () => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start(world: RentprogSimulatorOptions, { wrongToken = '' } = {}) {
    const simulator = await startRentprogSimulator({ branches: ['tbilisi', 'batumi'], limits: null, ...world });
    opened.push({ stop: () => simulator.close() });
    const accounts = accountsOf(simulator).map((account) =>
      account.name === wrongToken ? { ...account, credentials: { companyToken: 'not-the-token' } } : account,
    );
    const system = await startSystem({ backend: backend!, accounts });
    opened.push(system);
    return { simulator, system };
  }

  test('look', async () => {
    const { simulator, system } = await start({ bookings: 60, missingClients: 2, goneClients: 3, missingCars: 0, faults: { brokenRecords: 3, failPage: { branch: 'batumi', path: '/all_bookings', page: 2 } } });
    await system.sync();
    const dump = async (tag: string) => {
      for (const account of ['tbilisi', 'batumi']) {
        const report = await readReport(system.context, { source: 'rentprog', account });
        for (const lang of ['en', 'ru'] as const) {
          writeFileSync(`/tmp/b2/report-out/${tag}-${account}-${lang}.md`, renderMarkdown([report], lang));
          writeFileSync(`/tmp/b2/report-out/${tag}-${account}-${lang}.html`, renderHtml([report], lang));
        }
        console.log(tag, account, report.total, report.now);
      }
    };
    await dump('then');
    simulator.faults.failPage = null;
    simulator.repairBrokenRecords();
    simulator.mutate.revealClient(simulator.truth().goneClientIds[0]!, 'batumi');
    await system.sync();
    await dump('now');
  });
  test('look 401', async () => {
    const { system } = await start({ bookings: 30, missingClients: 0, goneClients: 1, missingCars: 0 }, { wrongToken: 'batumi' });
    await system.sync();
      for (const account of ['tbilisi', 'batumi']) {
        const report = await readReport(system.context, { source: 'rentprog', account });
        for (const lang of ['en', 'ru'] as const) {
          writeFileSync(`/tmp/b2/report-out/401-${account}-${lang}.md`, renderMarkdown([report], lang));
        }
        console.log('401', account, report.total, report.now);
      }
  });
});
