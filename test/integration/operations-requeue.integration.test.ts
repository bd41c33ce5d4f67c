import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHealth } from '../../health/read-health.ts';
import { targetsOf } from '../../health/targets-of.ts';
import { dismissGroup, dismissIssues } from '../../operations/dismiss.ts';
import { readIssueGroups, readIssues } from '../../operations/issues.ts';
import { previewRequeue } from '../../operations/preview-requeue.ts';
import { type RequeueReceipt, readReceipt } from '../../operations/receipt.ts';
import { requeueGroup, requeueIds } from '../../operations/requeue.ts';
import { type RentprogSimulator, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced } from '../support/invariants.ts';
import { type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const BY = { actor: 'nino', reason: 'a guest has called' };
const NOBODY = '424242';

describe.each(queueBackends())('what an operator puts back, with the queue on $name', (backend) => {
  let simulator: RentprogSimulator;
  let system: System;
  let gone = '';
  let waiting: string[] = [];
  let broken: string[] = [];

  beforeAll(async () => {
    simulator = await startRentprogSimulator({
      branches: ['tbilisi', 'batumi'],
      bookings: 40,
      cars: 10,
      missingClients: 0,
      goneClients: 1,
      missingCars: 0,
      limits: null,
      faults: { brokenRecords: 2 },
    });
    gone = String(simulator.truth().goneClientIds[0]);
    // Three bookings lack the same client, in both branches.
    for (const branch of ['tbilisi', 'batumi']) simulator.mutate.createBooking(branch, { client_id: Number(gone) });
    waiting = simulator
      .truth()
      .bookings.filter((booking) => String(booking.client_id) === gone)
      .map(({ id }) => String(id));
    broken = simulator.truth().brokenBookingIds.map(String);
    system = await startSystem({ backend, simulator });
    await system.sync();
  });
  afterAll(async () => {
    await system.stop();
    await simulator.close();
  });

  async function finished(id: string | null): Promise<RequeueReceipt> {
    return waitFor(
      async () => {
        const receipt = await readReceipt(system.context, id ?? '');
        return receipt?.done && receipt;
      },
      { describe: 'the receipt is complete', timeoutMs: 30_000 },
    );
  }
  const open = (kind: 'missing_parent' | 'invalid_record') => readIssueGroups(system.context, { kind });

  test('issues stand together by their cause, the most frequent first, and are found by id, parent and number', async () => {
    const { rows, next } = await readIssueGroups(system.context);
    expect(next).toBeNull();
    const [parent, ...others] = rows;
    expect(parent).toMatchObject({
      kind: 'missing_parent',
      count: waiting.length,
      accounts: ['batumi', 'tbilisi'],
      entities: ['bookings'],
      parent: { entity: 'clients', external_id: gone },
      problem: null,
    });
    expect(parent?.external_ids.toSorted()).toEqual(waiting.toSorted());
    expect(others.map(({ kind, count }) => [kind, count])).toEqual(
      others.length === 1 ? [['invalid_record', 2]] : Array(2).fill(['invalid_record', 1]),
    );
    expect(others[0]?.problem?.field).toBeTruthy();

    const parts = [];
    for (let cursor: string | undefined; ; ) {
      const part = await readIssueGroups(system.context, {}, { cursor, limit: 1 });
      parts.push(...part.rows);
      if (part.next === null) break;
      cursor = part.next;
    }
    expect(parts).toEqual(rows);

    const members = await readIssues(system.context, { cause: parent?.cause }, { limit: 2 });
    const rest = await readIssues(system.context, { cause: parent?.cause }, { limit: 2, cursor: members.next ?? '' });
    expect([...members.rows, ...rest.rows].map((issue) => issue.external_id).toSorted()).toEqual(waiting.toSorted());
    expect(members.rows[0]).toMatchObject({ state: 'applied', waits_for: [`clients/${gone}`] });
    const number = members.rows[0]?.number ?? '';
    expect(number).toBe(
      String(simulator.truth().bookings.find(({ id }) => String(id) === members.rows[0]?.external_id)?.number),
    );
    const byNumber = await readIssues(system.context, { text: number });
    expect(byNumber.rows.map((issue) => issue.external_id)).toContain(members.rows[0]?.external_id);
    expect((await readIssues(system.context, { text: gone })).rows).toHaveLength(waiting.length);
    expect((await readIssueGroups(system.context, { text: broken[0] })).rows).toMatchObject([{ count: 1 }]);
    expect((await readIssueGroups(system.context, { account: 'batumi', kind: 'missing_parent' })).rows).toMatchObject([
      { accounts: ['batumi'] },
    ]);
    expect((await readIssueGroups(system.context, { state: 'resolved' })).rows).toEqual([]);
  });

  test('a preview tells how each id stands and what it may have meant, and changes nothing', async () => {
    const [booking] = simulator.truth().bookings.filter(({ id }) => !waiting.includes(String(id)));
    const ids = [broken[0]!, waiting[0]!, String(booking?.number), gone, NOBODY];
    const runs = (await system.runs()).length;
    const preview = await previewRequeue(system.context, { source: 'rentprog', entity: 'bookings', ids });
    expect(preview.records.slice(0, 2)).toMatchObject([
      { external_id: broken[0], state: 'quarantined', step: 'apply', last_error: expect.stringContaining('found') },
      { external_id: waiting[0], state: 'applied', step: 'apply', waits_for: [`clients/${gone}`] },
    ]);
    const unknown = new Map(preview.unknown.map(({ external_id: id, near_misses: misses }) => [id, misses]));
    expect(unknown.get(gone)).toContainEqual(expect.objectContaining({ kind: 'other entity', entity: 'clients' }));
    expect(unknown.get(NOBODY)).toEqual([]);
    expect(unknown.get(String(booking?.number))?.[0]).toMatchObject({ kind: 'booking number' });
    expect((await system.runs()).length).toBe(runs);
    expect(await system.table('audit_log')).toEqual([]);
  });

  test('the receipt of pasted ids fills in, and is the same when it is read again', async () => {
    const fine = String(simulator.truth().bookings.find(({ id }) => ![...waiting, ...broken].includes(String(id)))?.id);
    const ids = [waiting[0]!, fine, broken[0]!, NOBODY];
    const { id, unknown } = await requeueIds(system.context, { source: 'rentprog', entity: 'bookings', ids }, BY);
    expect(unknown).toEqual([NOBODY]);
    const receipt = await finished(id);
    expect(receipt).toMatchObject({ actor: 'nino', reason: 'a guest has called', unknown_count: 1 });
    expect(receipt.counts).toMatchObject({ records: 3, applied: 1, without_parent: 1, quarantined: 1, under_way: 0 });
    expect(receipt.records).toMatchObject([
      { external_id: waiting[0], before: 'applied', after: 'applied', ok: true, waits_for: [`clients/${gone}`] },
      { external_id: fine, before: 'applied', after: 'applied', ok: true },
      { external_id: broken[0], before: 'quarantined', after: 'quarantined', ok: false },
    ]);
    expect(receipt.runs.every(({ status }) => status !== 'running')).toBe(true);
    expect(await readReceipt(system.context, String(id))).toEqual(receipt);
    const second = await readReceipt(system.context, String(id), { cursor: '1', limit: 1 });
    expect(second?.records).toMatchObject([{ external_id: fine }]);
    expect(second?.next).toBe('2');
    expect((await readReceipt(system.context, String(id), { unwell: true }))?.records).toHaveLength(2);
    expect(await readReceipt(system.context, '999999')).toBeUndefined();
    expect(await readReceipt(system.context, 'x')).toBeUndefined();
    expectBalanced(await system.runs());
  });

  test('what is read again at the source says what the source has answered', async () => {
    const booking = simulator.truth().bookings.find(({ id }) => ![...waiting, ...broken].includes(String(id)))!;
    const lost = simulator.truth().bookings.findLast(({ id }) => ![...waiting, ...broken].includes(String(id)))!;
    simulator.mutate.updateBooking(booking.id, { total: 777 });
    simulator.mutate.destroyBooking(lost.id);
    const ids = [String(booking.id), String(lost.id)];
    const order = { source: 'rentprog', entity: 'bookings', ids, refetch: true };
    const receipt = await finished((await requeueIds(system.context, order, BY)).id);
    expect(receipt.records).toMatchObject([
      { step: 'refetch', source_says: 'found', ok: true },
      { step: 'refetch', source_says: 'absent', ok: false },
    ]);
    expect((await system.table('bookings', `external_id = '${booking.id}'`))[0].price).toBe('777.00');
  });

  test('a dismissed issue stays closed while its record comes as it was, and opens again when it changes', async () => {
    const { rows } = await readIssues(system.context, { kind: 'invalid_record' });
    await expect(dismissIssues(system.context, [rows[0]!.id], { actor: 'nino', reason: ' ' })).rejects.toThrow(
      'Say why',
    );
    const ids = rows.map(({ id }) => id);
    expect(await dismissIssues(system.context, ids, { actor: 'nino', reason: 'test data' })).toEqual({ ids });
    expect(await dismissIssues(system.context, ids, { actor: 'nino', reason: 'again' })).toEqual({ ids: [] });
    await system.sync(['bookings']);
    expect((await open('invalid_record')).rows).toEqual([]);
    const { rows: closed } = await readIssues(system.context, { kind: 'invalid_record', state: 'resolved' });
    expect(closed.map(({ resolution }) => resolution)).toEqual(Array(2).fill('dismissed: test data'));
    const { entities } = await readHealth(system.context, targetsOf(system.context));
    expect(entities.reduce((sum, { dismissed }) => sum + dismissed, 0)).toBe(2);
    expect(entities.flatMap(({ verdict }) => verdict.reasons.map(({ code }) => code))).not.toContain('quarantined');

    simulator.mutate.updateBooking(Number(broken[0]), { description: 'changed' });
    await system.sync(['bookings']);
    expect((await readIssues(system.context, { kind: 'invalid_record' })).rows).toMatchObject([
      { external_id: broken[0] },
    ]);
    const audit = await system.table('audit_log', "action = 'dismiss'");
    expect(audit).toMatchObject([{ actor: 'nino', details: { reason: 'test data', issues: ids } }]);
  });

  test('a group goes back as one, heals when its parent has turned up, and is no group any more', async () => {
    const [group] = (await open('missing_parent')).rows;
    simulator.mutate.revealClient(Number(gone), 'tbilisi');
    const sent = await requeueGroup(system.context, { cause: group!.cause }, BY);
    expect(sent.records).toBe(waiting.length);
    const receipt = await finished(sent.id);
    expect(receipt.counts).toMatchObject({ records: waiting.length, applied: waiting.length });
    expect(receipt.records.every(({ ok }) => ok)).toBe(true);
    expect((await open('missing_parent')).rows).toEqual([]);
    await expect(requeueGroup(system.context, { cause: group!.cause }, BY)).rejects.toThrow('No record');
    await expect(requeueGroup(system.context, { cause: "x' or 1=1" }, BY)).rejects.toThrow('No record');
    expect(await dismissGroup(system.context, { cause: group!.cause }, { actor: 'nino', reason: 'x' })).toEqual({
      ids: [],
    });
    expectBalanced(await system.runs());
  });
});
