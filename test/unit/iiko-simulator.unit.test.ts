import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { simulate } from '../../sources/iiko/simulate.ts';
import {
  type Faults,
  type IikoSimulator,
  type IikoSimulatorOptions,
  type RawProduct,
  startIikoSimulator,
} from '../../sources/iiko/simulator.ts';
import { waitFor } from '../support/wait-for.ts';

const TODAY = '2026-10-05';
const LINE = ['Department.Id', 'UniqOrderId.Id', 'ItemSaleEvent.Id'];
const MEASURES = ['DishAmountInt', 'DishSumInt', 'DishDiscountSumInt', 'DishReturnSum'];

const open: IikoSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

async function start(options: IikoSimulatorOptions = {}): Promise<IikoSimulator> {
  const simulator = await startIikoSimulator({ today: TODAY, days: 14, lines: 1500, ...options });
  open.push(simulator);
  return simulator;
}

interface Answer {
  status: number;
  type: string;
  text: string;
}
type Row = Record<string, string | number | null>;

async function ask(simulator: IikoSimulator, path: string, token = '', init: RequestInit = {}): Promise<Answer> {
  const headers = { ...(init.headers as Record<string, string>), ...(token ? { cookie: `key=${token}` } : {}) };
  const response = await fetch(simulator.url + path, { ...init, headers });
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
const loginPath = (simulator: IikoSimulator, pass = sha1(simulator.password)): string =>
  `/auth?login=${simulator.login}&pass=${pass}`;

async function login(simulator: IikoSimulator): Promise<string> {
  const answer = await ask(simulator, loginPath(simulator));
  expect(answer.status).toBe(200);
  return answer.text.trim();
}

const day = (from: string, to: string) => ({
  'OpenDate.Typed': { filterType: 'DateRange', periodType: 'CUSTOM', from, to },
});

/** Numbers stay the text they came as. */
const parseExact = (text: string): unknown =>
  (JSON.parse as (text: string, revive: (key: string, value: unknown, at: { source: string }) => unknown) => unknown)(
    text,
    (_key, value, { source }) => (typeof value === 'number' ? source : value),
  );

const postOlap = (simulator: IikoSimulator, token: string, body: object): Promise<Answer> =>
  ask(simulator, '/v2/reports/olap', token, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ reportType: 'SALES', buildSummary: false, groupByColFields: [], ...body }),
  });

async function olap(
  simulator: IikoSimulator,
  token: string,
  dimensions: string[],
  measures: string[],
  filters: object,
): Promise<Row[]> {
  const body = { groupByRowFields: dimensions, aggregateFields: measures, filters };
  const answer = await postOlap(simulator, token, body);
  expect(answer).toMatchObject({ status: 200, type: expect.stringContaining('application/json') });
  return (parseExact(answer.text) as { data: Row[] }).data;
}

const wholeHistory = day('2026-09-22', '2026-10-06');
const by = <T>(rows: T[], key: (row: T) => string): T[] => [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
const cents = (texts: Iterable<string>): bigint => {
  let all = 0n;
  for (const text of texts) {
    const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
    all += BigInt(whole + fraction.padEnd(9, '0')) * (text.startsWith('-') ? -1n : 1n);
  }
  return all;
};

describe('the licence', () => {
  test('a login with the SHA-1 of the password gives a UUID, by query and by form', async () => {
    const simulator = await start();
    const token = await login(simulator);
    expect(token).toMatch(/^[0-9a-f-]{36}$/);
    await ask(simulator, `/logout?key=${token}`);
    const form = new URLSearchParams({ login: simulator.login, pass: sha1(simulator.password) });
    const posted = await ask(simulator, '/auth', '', { method: 'POST', body: form });
    expect(posted.text.trim()).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a wrong password is 401, and a plain one is noticed', async () => {
    const simulator = await start();
    expect((await ask(simulator, loginPath(simulator, sha1('wrong')))).status).toBe(401);
    expect((await ask(simulator, loginPath(simulator, simulator.password))).status).toBe(401);
    expect(() => simulator.assertGoodManners()).toThrow('plain password');
  });

  test('one connection is one session: the second login is refused with the words of the manual until logout', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const refused = await ask(simulator, loginPath(simulator));
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('License enhancement is required: no connections available for module');
    expect(simulator.openSessions()).toBe(1);
    expect((await ask(simulator, `/logout?key=${token}`)).text).toBe(token);
    await login(simulator);
    expect(simulator.requests).toMatchObject({ logins: 3, logouts: 1, maxSessions: 1 });
  });

  test('somebody else on the licence refuses every login until he leaves', async () => {
    const simulator = await start({ faults: { licenceTaken: true } });
    expect((await ask(simulator, loginPath(simulator))).status).toBe(403);
    expect((await ask(simulator, loginPath(simulator))).status).toBe(403);
    expect(() => simulator.assertGoodManners({ leastLoginPauseMs: 60_000 })).toThrow('a refused login was repeated');
    simulator.faults.licenceTaken = false;
    await login(simulator);
  });

  test('a token works as cookie and as query, and not without login, after a restart or after its time', async () => {
    const simulator = await start({ tokenLifetimeMs: 300 });
    const token = await login(simulator);
    expect((await ask(simulator, '/replication/serverType', token)).text.trim()).toBe('STANDALONE_RMS');
    expect((await ask(simulator, `/replication/serverType?key=${token}`)).status).toBe(200);
    expect((await ask(simulator, '/replication/serverType')).status).toBe(401);
    await waitFor(async () => (await ask(simulator, '/replication/serverType', token)).status === 401, {
      describe: 'the token to end',
    });
    const second = await login(simulator);
    simulator.restart();
    expect((await ask(simulator, '/replication/serverType', second)).status).toBe(401);
  });

  test('sessions left behind and parallel requests are bad manners', async () => {
    const simulator = await start({ latencyMs: [20, 20] });
    const token = await login(simulator);
    simulator.assertGoodManners();
    expect(() => simulator.assertGoodManners({ allLoggedOut: true })).toThrow('left behind');
    await Promise.all([1, 2].map(() => ask(simulator, '/replication/serverType', token)));
    expect(() => simulator.assertGoodManners()).toThrow('2 requests were in flight');
  });
});

describe('reference lists', () => {
  test('deleted products and groups come only when asked for, deleted categories by default', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const read = async (path: string) => JSON.parse((await ask(simulator, path, token)).text) as RawProduct[];
    const all = await read('/v2/entities/products/list?includeDeleted=true');
    expect(all).toEqual(simulator.truth().products);
    const alive = await read('/v2/entities/products/list');
    expect(alive).toEqual(all.filter((product) => !product.deleted));
    expect(alive.length).toBeLessThan(all.length);
    expect(await read('/v2/entities/products/group/list?includeDeleted=true')).toEqual(simulator.truth().groups);
    const types = 'rootType=TaxCategory&rootType=ProductCategory&rootType=AccountingCategory';
    expect(await read(`/v2/entities/list?${types}`)).toEqual(simulator.truth().categories);
    expect((await read(`/v2/entities/list?${types}&includeDeleted=false`)).every((row) => !row.deleted)).toBe(true);
  });

  test('products can be asked for by id, one name for each, by GET and by form', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const [first, second] = simulator.truth().products.filter((product) => !product.deleted);
    const query = new URLSearchParams([
      ['ids', String(first?.id)],
      ['ids', String(second?.id)],
    ]);
    expect(JSON.parse((await ask(simulator, `/v2/entities/products/list?${query}`, token)).text)).toEqual([
      first,
      second,
    ]);
    const init = { method: 'POST', body: query };
    expect(JSON.parse((await ask(simulator, '/v2/entities/products/list', token, init)).text)).toHaveLength(2);
    expect(await ask(simulator, '/v2/entities/products/list?ids=7', token)).toMatchObject({
      status: 400,
      text: "Malformed Product id: '7'",
    });
  });

  test('products have modifiers in groups, article numbers that repeat and both spellings of one field', async () => {
    const simulator = await start();
    const { products } = simulator.truth();
    const modifiers = products.flatMap((product) => product.modifiers as { childModifiers: object[] | null }[]);
    expect(modifiers.some(({ childModifiers }) => childModifiers === null)).toBe(true);
    expect(modifiers.some(({ childModifiers }) => (childModifiers?.length ?? 0) > 0)).toBe(true);
    expect(new Set(products.map(({ num }) => num)).size).toBeLessThan(products.length);
    expect(products.some((product) => 'defaultIncludeInMenu' in product)).toBe(true);
    expect(products.some((product) => 'defaultIncludedInMenu' in product)).toBe(true);
  });

  test('stores and departments are XML, escaped, and what is removed is absent', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const departments = await ask(simulator, '/corporation/departments', token);
    expect(departments.type).toContain('xml');
    expect(departments.text).toContain('<name>Тест-бар &amp;Ко</name>');
    expect(departments.text.match(/<type>DEPARTMENT<\/type>/g)).toHaveLength(3);
    const [store] = simulator.truth().stores;
    simulator.mutate.removeStore(String(store?.id));
    const stores = await ask(simulator, '/corporation/stores', token);
    expect(stores.text).not.toContain(String(store?.id));
    expect(stores.text.match(/<type>STORE<\/type>/g)).toHaveLength(5);
    simulator.faults.hostileXml = true;
    expect((await ask(simulator, '/corporation/stores', token)).text).toContain('<!ENTITY stolen SYSTEM');
  });
});

describe('OLAP', () => {
  test('the lines of the history are the truth, each once, amounts to the last digit', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const rows = await olap(simulator, token, [...LINE, 'DishId', 'Store.Id', 'Storned'], MEASURES, wholeHistory);
    const truth = simulator.truth().lines;
    expect(rows.length).toBeGreaterThan(1000);
    expect(
      by(rows, (row) => String(row['ItemSaleEvent.Id'])).map((row) => ({
        departmentId: row['Department.Id'],
        orderId: row['UniqOrderId.Id'],
        lineId: row['ItemSaleEvent.Id'],
        productId: row.DishId,
        storeId: row['Store.Id'],
        quantity: row.DishAmountInt,
        sum: row.DishSumInt,
        revenue: row.DishDiscountSumInt,
        returned: row.DishReturnSum,
        storned: row.Storned === 'TRUE',
      })),
    ).toEqual(by(truth, ({ lineId }) => lineId));
    expect(truth.some(({ revenue }) => /\.\d{5,}$/.test(revenue))).toBe(true);
    expect(truth.some(({ quantity }) => quantity.includes('.'))).toBe(true);
  });

  test('the same seed is the same world however it is asked, and another seed another one', async () => {
    const [one, same, other] = await Promise.all([start(), start(), start({ seed: 2 })]);
    const token = await login(same);
    await olap(same, token, LINE, MEASURES, day('2026-10-01', '2026-10-02'));
    expect(same.truth()).toEqual(one.truth());
    expect(other.truth().lines).not.toEqual(one.truth().lines);
  });

  test('the days add up to the history, and `to` is exclusive unless told otherwise', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const lines = (filters: object) => olap(simulator, token, LINE, ['DishAmountInt'], filters);
    const first = await lines(day('2026-10-01T00:00:00.000', '2026-10-02T00:00:00.000'));
    const second = await lines(day('2026-10-02', '2026-10-03'));
    const { 'OpenDate.Typed': range } = day('2026-10-01', '2026-10-02');
    expect(await lines({ 'OpenDate.Typed': { ...range, includeHigh: true } })).toHaveLength(
      first.length + second.length,
    );
    expect(first).toHaveLength(simulator.truth({ from: '2026-10-01', to: '2026-10-01' }).lines.length);
  });

  test('payments in a query of their own come to what the lines come to', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const dimensions = [
      'Department.Id',
      'UniqOrderId.Id',
      'PayTypes.GUID',
      'PayTypes',
      'PayTypes.Group',
      'OperationType',
    ];
    const payments = await olap(simulator, token, dimensions, ['DishDiscountSumInt'], wholeHistory);
    const key = (row: { orderId: string; typeId: string | null }) => `${row.orderId} ${row.typeId}`;
    const seen = payments.map((row) => ({
      departmentId: String(row['Department.Id']),
      orderId: String(row['UniqOrderId.Id']),
      typeId: row['PayTypes.GUID'] as string | null,
      operation: String(row.OperationType),
      amount: String(row.DishDiscountSumInt),
    }));
    const truth = simulator.truth();
    expect(by(seen, key)).toEqual(by(truth.payments, key));
    expect(seen.length).toBeGreaterThan(truth.receipts.length);
    expect(cents(seen.map(({ amount }) => amount))).toBe(cents(truth.lines.map(({ revenue }) => revenue)));
    expect(payments.some((row) => row.PayTypes === '(без оплаты)' && row['PayTypes.GUID'] === null)).toBe(true);
  });

  test('a payment dimension among the lines tears them into shares', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const whole = await olap(simulator, token, LINE, ['DishDiscountSumInt'], wholeHistory);
    const torn = await olap(simulator, token, [...LINE, 'PayTypes'], ['DishDiscountSumInt'], wholeHistory);
    expect(torn.length).toBeGreaterThan(whole.length);
    const total = (rows: Row[]) => cents(rows.map((row) => String(row.DishDiscountSumInt)));
    expect(total(torn)).toBe(total(whole));
  });

  test('filters take and leave values', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const [department] = simulator.departments;
    const values = [String(department?.id)];
    const only = { ...wholeHistory, 'Department.Id': { filterType: 'IncludeValues', values } };
    const others = { ...wholeHistory, 'Department.Id': { filterType: 'ExcludeValues', values } };
    const [mine, rest] = [
      await olap(simulator, token, LINE, MEASURES, only),
      await olap(simulator, token, LINE, MEASURES, others),
    ];
    expect(new Set(mine.map((row) => row['Department.Id']))).toEqual(new Set(values));
    expect(mine.length + rest.length).toBe(simulator.truth().lines.length);
  });

  test('what the rules forbid is refused with a text', async () => {
    const simulator = await start({ faults: { missingColumns: ['Store.Id'] } });
    const token = await login(simulator);
    const refused = async (body: object) => (await postOlap(simulator, token, body)).status;
    const query = { groupByRowFields: LINE, aggregateFields: MEASURES };
    expect(await refused({ ...query, filters: {} })).toBe(409);
    expect(await refused({ ...query, filters: day('2026-10-01', '2026-10-01') })).toBe(409);
    expect(await refused({ ...query, filters: day('2026-08-01', '2026-10-01') })).toBe(409);
    expect(await refused({ ...query, filters: day('01.10.2026', '2026-10-02') })).toBe(400);
    expect(await refused({ ...query, groupByRowFields: ['DepartmentId'], filters: wholeHistory })).toBe(400);
    expect(await refused({ ...query, groupByRowFields: ['Store.Id'], filters: wholeHistory })).toBe(400);
    expect(await refused({ ...query, aggregateFields: ['DishName'], filters: wholeHistory })).toBe(400);
    expect(await refused({ ...query, filters: wholeHistory })).toBe(200);
    expect(
      JSON.parse((await postOlap(simulator, token, { ...query, buildSummary: undefined, filters: wholeHistory })).text)
        .summary,
    ).not.toEqual([]);
  });

  test('columns name what can be grouped and what can be summed, without what this server lacks', async () => {
    const simulator = await start({ faults: { missingColumns: ['VAT.Sum'] } });
    const token = await login(simulator);
    const answer = await ask(simulator, '/v2/reports/olap/columns?reportType=SALES', token);
    const columns = JSON.parse(answer.text) as Record<string, object>;
    expect(columns['ItemSaleEvent.Id']).toMatchObject({ groupingAllowed: true, aggregationAllowed: false });
    expect(columns.DishDiscountSumInt).toMatchObject({ groupingAllowed: false, aggregationAllowed: true });
    expect(columns).not.toHaveProperty(['VAT.Sum']);
  });
});

describe('the history', () => {
  test('it has refunds of both kinds, returns, repeated dishes, deletions and receipts with two payments', async () => {
    const simulator = await start();
    const { receipts, lines, payments } = simulator.truth();
    const linked = receipts.filter(({ sourceOrderId }) => sourceOrderId !== null);
    const ids = new Set(receipts.map(({ orderId }) => orderId));
    expect(linked.some(({ sourceOrderId }) => ids.has(String(sourceOrderId)))).toBe(true);
    expect(linked.some(({ sourceOrderId }) => !ids.has(String(sourceOrderId)))).toBe(true);
    expect(linked.some(({ revenue, returned }) => revenue === '0' && !returned.startsWith('-'))).toBe(true);
    expect(linked.some(({ revenue }) => revenue.startsWith('-'))).toBe(true);
    expect(
      lines.some(({ storned, returned, revenue }) => !storned && returned !== '0' && revenue.startsWith('-')),
    ).toBe(true);
    expect(receipts.some(({ deleted }) => deleted)).toBe(true);
    const dishes = lines.map(({ orderId, productId }) => `${orderId} ${productId}`);
    expect(new Set(dishes).size).toBeLessThan(dishes.length);
    expect(payments.length).toBeGreaterThan(receipts.length);
    expect(receipts.some(({ date, closeTime }) => closeTime.slice(0, 10) > date)).toBe(true);
  });

  test('a shift left open for two days takes the second day’s receipts along', async () => {
    const simulator = await start({ days: 90, lines: 3000 });
    const { shifts, receipts } = simulator.truth();
    const long = shifts.find(
      ({ date, closeDate }) => closeDate && Date.parse(closeDate.slice(0, 10)) - Date.parse(date) === 2 * 86_400_000,
    );
    expect(long).toBeDefined();
    const mine = receipts.filter((receipt) => receipt.departmentId === long?.department.id);
    expect(mine.some(({ date, openTime }) => date === long?.date && openTime.slice(0, 10) > date)).toBe(true);
    const next = new Date(Date.parse(String(long?.date)) + 86_400_000).toISOString().slice(0, 10);
    expect(mine.filter(({ date }) => date === next)).toEqual([]);
    expect(shifts.some(({ date, department }) => date === next && department.id === long?.department.id)).toBe(false);
  });

  test('shifts are listed by opening day, both ends included, and today’s are open', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const path = (status: string) => `/v2/cashshifts/list?openDateFrom=2026-10-04&openDateTo=${TODAY}${status}`;
    const rows = JSON.parse((await ask(simulator, path('&status=ANY'), token)).text) as Row[];
    expect(
      rows.filter(({ openDate }) => String(openDate).startsWith(TODAY)).every(({ closeDate }) => closeDate === null),
    ).toBe(true);
    const openOnes = JSON.parse((await ask(simulator, path('&status=OPEN'), token)).text) as Row[];
    expect(openOnes.length).toBe(rows.filter(({ sessionStatus }) => sessionStatus === 'OPEN').length);
    expect((await ask(simulator, path(''), token)).status).toBe(400);
    simulator.mutate.setShift(String(simulator.departments[0]?.id), TODAY, 'CLOSED', `${TODAY}T23:00:00`);
    const after = JSON.parse((await ask(simulator, path('&status=OPEN'), token)).text) as Row[];
    expect(after.length).toBe(openOnes.length - 1);
  });

  test('sold products and stores that no list has are as many as ordered', async () => {
    const simulator = await start({ goneProducts: 5, goneStores: 3 });
    expect(simulator.truth().goneProductIds).toHaveLength(5);
    expect(simulator.truth().goneStoreIds).toHaveLength(3);
    const clean = await start({ goneProducts: 0, goneStores: 0 });
    expect(clean.truth()).toMatchObject({ goneProductIds: [], goneStoreIds: [] });
  });

  test('a year of a million lines starts at once, and a day of it is about its share', async () => {
    const begun = performance.now();
    const simulator = await start({ days: 365, lines: 1_000_000 });
    const token = await login(simulator);
    expect(performance.now() - begun).toBeLessThan(2000);
    const rows = await olap(
      simulator,
      token,
      ['Department.Id'],
      ['DishAmountInt', 'UniqOrderId'],
      day('2026-03-01', '2026-03-02'),
    );
    expect(rows).toHaveLength(3);
    const { lines } = simulator.truth({ from: '2026-03-01', to: '2026-03-01' });
    expect(lines.length).toBeGreaterThan(2000);
    expect(lines.length).toBeLessThan(5000);
    expect(new Set(lines.map(({ lineId }) => lineId)).size).toBe(lines.length);
  });

  test('OLAP may know departments by other ids than the corporation', async () => {
    const simulator = await start({ otherOlapIds: true });
    const { departments, receipts } = simulator.truth();
    const known = new Set(departments.map(({ id }) => id));
    expect(receipts.every(({ departmentId }) => !known.has(departmentId))).toBe(true);
  });
});

describe('changes', () => {
  const period = { from: '2026-10-01', to: '2026-10-03' };
  test('sales, returns, refunds, removals and moves are in the truth and in OLAP', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const { mutate } = simulator;
    const department = String(simulator.departments[0]?.id);
    const product = mutate.createProduct({ name: 'Новый десерт' });
    const sold = mutate.sell(department, period.from, [product.id, product.id]);
    const [first, second] = sold.lines.map(({ id }) => id) as [string, string];
    mutate.returnLine(period.from, first);
    mutate.removeLine(period.from, second);
    const refund = mutate.refundReceipt(period.from, sold.id, '2026-10-02');
    mutate.moveReceipt(period.from, sold.id, '2026-10-03');
    const truth = simulator.truth(period);
    const mine = truth.lines.filter(({ orderId }) => orderId === sold.id);
    expect(mine.map(({ storned, revenue }) => [storned, revenue.startsWith('-')])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(truth.receipts.find(({ orderId }) => orderId === sold.id)?.date).toBe('2026-10-03');
    expect(truth.receipts.find(({ orderId }) => orderId === refund.id)).toMatchObject({
      sourceOrderId: sold.id,
      date: '2026-10-02',
    });
    const rows = await olap(simulator, token, LINE, MEASURES, day('2026-10-01', '2026-10-04'));
    expect(rows.map((row) => row['ItemSaleEvent.Id']).sort()).toEqual(truth.lines.map(({ lineId }) => lineId).sort());
  });

  test('deleted receipts stay with their flags, and an emptied day is empty', async () => {
    const simulator = await start();
    const [receipt] = simulator.truth(period).receipts.filter(({ deleted }) => !deleted);
    simulator.mutate.deleteReceipt(String(receipt?.date), String(receipt?.orderId));
    expect(simulator.truth(period).receipts.find(({ orderId }) => orderId === receipt?.orderId)?.deleted).toBe(true);
    simulator.mutate.emptyDay('2026-10-02');
    expect(simulator.truth({ from: '2026-10-02', to: '2026-10-02' }).lines).toEqual([]);
  });
});

describe('faults', () => {
  const query = { groupByRowFields: LINE, aggregateFields: MEASURES, filters: wholeHistory };
  async function answered(
    faults: Partial<Faults>,
  ): Promise<{ answer: Answer; simulator: IikoSimulator; token: string }> {
    const simulator = await start();
    const token = await login(simulator);
    Object.assign(simulator.faults, faults);
    return { answer: await postOlap(simulator, token, query), simulator, token };
  }

  test('a server that restarts answers HTML with status 200, to a login too', async () => {
    const { answer, simulator } = await answered({ restartPage: 1 });
    expect(answer).toMatchObject({ status: 200, type: expect.stringContaining('text/html') });
    expect((await ask(simulator, loginPath(simulator))).text).toMatch(/^<!DOCTYPE html>/);
  });

  test('a token that is dead before its time is 401, and its slot is free', async () => {
    const { answer, simulator } = await answered({ expiredToken: 1 });
    expect(answer.status).toBe(401);
    expect(simulator.openSessions()).toBe(0);
    await login(simulator);
  });

  test('exceptions are 500 with a text, and half an answer is no JSON', async () => {
    expect((await answered({ serverError: 1 })).answer).toMatchObject({
      status: 500,
      type: expect.stringContaining('text/plain'),
    });
    const { answer } = await answered({ truncated: 1 });
    expect(() => JSON.parse(answer.text)).toThrow(SyntaxError);
  });

  test('OLAP can answer no list, no rows, or nothing for one day', async () => {
    expect(Array.isArray(JSON.parse((await answered({ malformedOlap: 1 })).answer.text).data)).toBe(false);
    expect(JSON.parse((await answered({ emptyOlap: 1 })).answer.text).data).toEqual([]);
    const { answer, simulator, token } = await answered({ failDay: '2026-10-02' });
    expect(answer.status).toBe(500);
    expect((await postOlap(simulator, token, { ...query, filters: day('2026-10-03', '2026-10-04') })).status).toBe(200);
  });

  test('a big day outlasts a patient client, while a department of it does not', async () => {
    const { simulator, token } = await answered({});
    const date = day('2026-10-01', '2026-10-02');
    const rows = simulator.truth({ from: '2026-10-01', to: '2026-10-01' }).lines.length;
    simulator.faults.bigDays = { rows: Math.floor(rows / 2), ms: 700 };
    const timed = async (filters: object): Promise<number> => {
      const begun = performance.now();
      await postOlap(simulator, token, { ...query, filters });
      return performance.now() - begun;
    };
    expect(await timed(date)).toBeGreaterThanOrEqual(690);
    const values = [String(simulator.departments[0]?.id)];
    expect(await timed({ ...date, 'Department.Id': { filterType: 'IncludeValues', values } })).toBeLessThan(600);
  });

  test('a cut connection, and passing faults at most three times in a row', async () => {
    const { simulator, token } = await answered({});
    simulator.faults.reset = 1;
    await expect(postOlap(simulator, token, query)).rejects.toThrow();
    simulator.faults.reset = 0;
    simulator.faults.serverError = 0.95;
    let failures = 0;
    while ((await postOlap(simulator, token, query)).status === 500) failures++;
    expect(failures).toBeLessThanOrEqual(3);
  });

  test('a dimension that splits lines repeats line keys, and other forms of dates and numbers mean the same', async () => {
    const { simulator, token } = await answered({
      splittingColumns: ['Store.Id'],
      longDates: true,
      numbersAsText: true,
    });
    const dimensions = [...LINE, 'OpenDate.Typed', 'Store.Id'];
    const rows = await olap(simulator, token, dimensions, MEASURES, wholeHistory);
    expect(new Set(rows.map((row) => row['ItemSaleEvent.Id'])).size).toBe(rows.length / 2);
    expect(rows[0]?.['OpenDate.Typed']).toMatch(/^\d{4}-\d\d-\d\dT00:00:00$/);
    const answer = await postOlap(simulator, token, query);
    expect(typeof JSON.parse(answer.text).data[0].DishSumInt).toBe('string');
  });
});

describe('a simulation for trials', () => {
  test('gives the settings of one account, and the zones of departments that stand elsewhere', async () => {
    const simulation = await simulate({ records: 300, seed: 1 });
    const { login = '', password = '', timezone, departmentTimezones } = simulation.accounts.main ?? {};
    try {
      const answer = await fetch(`${simulation.baseUrl}/auth?login=${login}&pass=${sha1(password)}`);
      expect(answer.status).toBe(200);
      expect(timezone).toBe('Asia/Almaty');
      expect(departmentTimezones).toMatch(/^[0-9a-f-]{36}=Asia\/Aqtau$/);
    } finally {
      await simulation.close();
    }
  });
});
