import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type {
  Fields,
  RawBooking,
  RawCar,
  RawClient,
  RawRecord,
  RentprogSimulator,
  RentprogSimulatorOptions,
} from '../../sources/rentprog/simulator.ts';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';

const open: RentprogSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

async function start(options: RentprogSimulatorOptions = {}): Promise<RentprogSimulator> {
  const simulator = await startRentprogSimulator({ bookings: 400, limits: null, ...options });
  open.push(simulator);
  return simulator;
}

interface Answer {
  status: number;
  text: string;
  headers: Headers;
}

async function ask(simulator: RentprogSimulator, path: string, token = ''): Promise<Answer> {
  const response = await fetch(simulator.url + path, { headers: token ? { authorization: token } : {} });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function login(simulator: RentprogSimulator, branch = 'tbilisi'): Promise<string> {
  const companyToken = simulator.branches.find((each) => each.name === branch)?.companyToken;
  const answer = await ask(simulator, `/get_token?company_token=${companyToken}`);
  return (JSON.parse(answer.text) as { token: string }).token;
}

function rowsOf<T = RawRecord>(answer: Answer): T[] {
  const body = JSON.parse(answer.text) as T[] | { data: T[] };
  return Array.isArray(body) ? body : body.data;
}

async function readAll<T = RawRecord>(simulator: RentprogSimulator, path: string, branch = 'tbilisi'): Promise<T[]> {
  const token = await login(simulator, branch);
  const all: T[] = [];
  for (let page = 1; ; page++) {
    const rows = rowsOf<T>(await ask(simulator, `${path}${path.includes('?') ? '&' : '?'}page=${page}`, token));
    if (rows.length === 0) return all;
    all.push(...rows);
  }
}

async function readEverywhere<T = RawRecord>(simulator: RentprogSimulator, path: string): Promise<T[]> {
  const parts = await Promise.all(simulator.branches.map((branch) => readAll<T>(simulator, path, branch.name)));
  return parts.flat();
}

const byId = <T extends { id: number }>(rows: T[]): T[] => [...rows].sort((a, b) => a.id - b.id);
const idsOf = (rows: { id: number }[]): number[] => rows.map((row) => row.id);

describe('tokens', () => {
  test('a company token buys a token that works bare and as Bearer', async () => {
    const simulator = await start();
    const { token, exp } = JSON.parse((await ask(simulator, '/get_token?company_token=tbilisi-token')).text) as {
      token: string;
      exp: string;
    };
    expect(exp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
    expect((await ask(simulator, '/all_bookings', token)).status).toBe(200);
    expect((await ask(simulator, '/all_bookings', `Bearer ${token}`)).status).toBe(200);
  });

  test('a bad company token, no token and an expired token are 401', async () => {
    const simulator = await start({ tokenLifetimeMs: 20, companyTokens: { batumi: 'secret' } });
    expect((await ask(simulator, '/get_token?company_token=batumi-token')).status).toBe(401);
    expect((await ask(simulator, '/get_token?company_token=secret')).status).toBe(200);
    expect((await ask(simulator, '/all_bookings')).status).toBe(401);
    const token = await login(simulator);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await ask(simulator, '/all_bookings', token)).status).toBe(401);
  });
});

describe('listings', () => {
  test('every booking of the truth is on the pages of its branch, as it stands there', async () => {
    const simulator = await start();
    const rows = await readEverywhere<RawBooking>(simulator, '/all_bookings');
    expect(rows).toHaveLength(400);
    expect(byId(rows)).toEqual(simulator.truth().bookings);
  });

  test('a page has ten bookings whatever per_page says, and page 0 repeats page 1', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const first = await ask(simulator, '/all_bookings?page=1&per_page=100', token);
    expect(rowsOf(first)).toHaveLength(10);
    expect((await ask(simulator, '/all_bookings?page=0', token)).text).toBe(first.text);
    expect((await ask(simulator, '/all_bookings', token)).text).toBe(first.text);
    expect(rowsOf(await ask(simulator, '/all_bookings?page=11', token))).toEqual([]);
  });

  test('some branches answer a bare array and some an object with data', async () => {
    const simulator = await start();
    const shapes = await Promise.all(
      simulator.branches.map(async ({ name }) => {
        const answer = await ask(simulator, '/all_bookings', await login(simulator, name));
        return Array.isArray(JSON.parse(answer.text));
      }),
    );
    expect(new Set(shapes)).toEqual(new Set([true, false]));
  });

  test('active and inactive bookings are the two halves of all bookings', async () => {
    const simulator = await start();
    const active = await readAll<RawBooking>(simulator, '/active_bookings');
    const inactive = await readAll<RawBooking>(simulator, '/unactive_bookings');
    expect(active.every((row) => row.active)).toBe(true);
    expect(inactive.some((row) => row.active)).toBe(false);
    expect([...idsOf(active), ...idsOf(inactive)].sort()).toEqual(
      idsOf(await readAll(simulator, '/all_bookings')).sort(),
    );
  });

  test('clients are listed by their own branch only, and the missing ones by none', async () => {
    const simulator = await start();
    const listed = await readEverywhere<RawClient>(simulator, '/all_clients');
    const { clients, missingClientIds } = simulator.truth();
    expect(byId(listed)).toEqual(clients.filter((client) => !missingClientIds.includes(client.id)));
    expect(new Set(idsOf(listed)).size).toBe(listed.length);
    const own = await readAll<RawClient>(simulator, '/all_clients', 'batumi');
    expect(new Set(own.map((client) => client.company_id))).toEqual(new Set([102]));
  });

  test('only one of the two client paths exists', async () => {
    const simulator = await start({ clientsPath: '/clients', clientsPageSize: 7 });
    const token = await login(simulator);
    expect((await ask(simulator, '/all_clients', token)).status).toBe(404);
    expect(rowsOf(await ask(simulator, '/clients?per_page=3', token))).toHaveLength(7);
  });

  test('cars come full, short and one by one; a missing car only one by one', async () => {
    const simulator = await start();
    const token = await login(simulator);
    const full = rowsOf<RawCar>(await ask(simulator, '/all_cars_full', token));
    const short = rowsOf<RawCar>(await ask(simulator, '/all_cars', token));
    expect(full).toHaveLength(50);
    expect(full[0]).toHaveProperty('prices');
    expect(idsOf(short)).toEqual(idsOf(full));
    expect(short[0]).not.toHaveProperty('prices');

    const { missingCarIds, bookings } = simulator.truth();
    expect(missingCarIds).toHaveLength(3);
    const everywhere = await readEverywhereOnce(simulator, '/all_cars_full');
    for (const id of missingCarIds) {
      expect(idsOf(everywhere)).not.toContain(id);
      expect(bookings.filter((booking) => booking.car_id === id)).toHaveLength(1);
      expect(JSON.parse((await ask(simulator, `/car_data?id=${id}`, token)).text)).toMatchObject({ id });
    }
    const withBookings = JSON.parse(
      (await ask(simulator, `/car_data_with_bookings?car_id=${full[0]?.id}`, token)).text,
    );
    expect(withBookings).toMatchObject({ id: full[0]?.id, active_bookings: expect.any(Array) });
    expect((await ask(simulator, '/car_data?id=5', token)).status).toBe(404);

    const id = full[0]?.id ?? 0;
    simulator.mutate.updateCar(id, { car_name: 'Renamed' });
    for (const path of ['/all_cars_full', '/all_cars'])
      expect(rowsOf<RawCar>(await ask(simulator, path, token))).toContainEqual(
        expect.objectContaining({ id, car_name: 'Renamed' }),
      );
    expect(() => simulator.mutate.updateCar(5, {})).toThrow('no car 5');
  });

  test('unknown paths and get-by-id are 404, paths outside the public API 403', async () => {
    const simulator = await start();
    const token = await login(simulator);
    for (const path of ['/bookings/900101', '/clients/700202', '/cars/400302', '/nothing'])
      expect((await ask(simulator, path, token)).status).toBe(404);
    expect((await fetch(simulator.url.replace('/public', '/bookings'))).status).toBe(403);
  });
});

async function readEverywhereOnce(simulator: RentprogSimulator, path: string): Promise<RawRecord[]> {
  const parts = simulator.branches.map(async ({ name }) =>
    rowsOf(await ask(simulator, path, await login(simulator, name))),
  );
  return (await Promise.all(parts)).flat();
}

describe('data', () => {
  test('the same seed gives the same world and another seed another one', async () => {
    const [one, same, other] = [await start(), await start(), await start({ seed: 2 })];
    expect(same.truth()).toEqual(one.truth());
    expect(other.truth().bookings).not.toEqual(one.truth().bookings);
  });

  test('bookings, clients and cars share ids, and a booking points at client 900101', async () => {
    const { bookings, clients, cars } = (await start()).truth();
    for (const records of [bookings, clients, cars]) expect(idsOf(records)).toContain(900101);
    expect(bookings.some((booking) => booking.client_id === 900101)).toBe(true);
    for (const records of [bookings, clients, cars]) expect(new Set(idsOf(records)).size).toBe(records.length);
  });

  test('without collisions no id is used twice', async () => {
    const truth = (await start({ collisions: false })).truth();
    const all = [...truth.bookings, ...truth.clients, ...truth.cars].map((each) => each.id).concat(truth.goneClientIds);
    expect(new Set(all).size).toBe(all.length);
  });

  test('there are exactly as many missing and gone clients as asked for, and bookings point at each', async () => {
    const truth = (await start({ bookings: 1000 })).truth();
    const known = new Set(idsOf(truth.clients));
    const missing = new Set(truth.missingClientIds);
    const dangling = truth.bookings.filter(({ client_id: id }) => id !== null && !known.has(id));
    expect(missing.size).toBe(32);
    expect(dangling.map((booking) => booking.client_id).sort()).toEqual([...truth.goneClientIds].sort());
    expect(truth.goneClientIds).toHaveLength(5);
    expect(new Set(truth.bookings.map((each) => each.client_id).filter((id) => missing.has(id ?? 0))).size).toBe(32);
  });

  test('rows have local dates with one- and two-digit hours, every state, empty numbers and blocked cars', async () => {
    const { bookings } = (await start({ bookings: 2000 })).truth();
    for (const booking of bookings) expect(booking.start_date).toMatch(/^\d\d-\d\d-\d{4} \d{1,2}:\d\d$/);
    expect(bookings.some((booking) => / \d:/.test(booking.start_date))).toBe(true);
    expect(bookings.some((booking) => / \d\d:/.test(booking.start_date))).toBe(true);
    expect(new Set(bookings.map((booking) => booking.state)).size).toBe(14);
    expect(bookings.some((booking) => booking.number === null)).toBe(true);
    expect(bookings.some((booking) => booking.technical === true && booking.client_id === null)).toBe(true);
    expect(bookings.some((booking) => !Number.isInteger(booking.total))).toBe(true);
    expect(Object.keys(bookings[0] ?? {}).length).toBeGreaterThan(90);
  });

  test('some bookings point at clients that another branch lists', async () => {
    const { bookings, clients } = (await start()).truth();
    const branchOf = new Map(clients.map((client) => [client.id, client.company_id]));
    expect(bookings.some(({ client_id: id, company_id }) => id && branchOf.get(id) !== company_id)).toBe(true);
  });

  test('nested clients come as asked for, but never for clients that have to be looked up', async () => {
    const [none, some, all] = [
      await start({ nestedClients: 'none' }),
      await start(),
      await start({ nestedClients: 'all' }),
    ].map((simulator) => simulator.truth());
    const nesting = (rows: RawBooking[] = []) => rows.filter((row) => 'client' in row);
    expect(nesting(none?.bookings)).toHaveLength(0);
    expect(nesting(some?.bookings).length).toBeGreaterThan(50);
    expect(nesting(all?.bookings).length).toBeGreaterThan(300);
    const special = new Set([...(all?.missingClientIds ?? []), ...(all?.goneClientIds ?? [])]);
    for (const row of nesting(all?.bookings)) {
      expect(special.has(row.client_id ?? 0)).toBe(false);
      expect((row.client as Fields).id).toBe(row.client_id);
    }
  });

  test('a missing client of a small world needs bookings to point at it', async () => {
    await expect(startRentprogSimulator({ bookings: 10, missingClients: 20 })).rejects.toThrow(/at least/);
  });
});

describe('search', () => {
  async function branchesFinding(simulator: RentprogSimulator, id: number): Promise<string[]> {
    const found: string[] = [];
    for (const { name } of simulator.branches) {
      const rows = await readAll(simulator, `/search_clients?query=${id}`, name);
      if (idsOf(rows).includes(id)) found.push(name);
    }
    return found;
  }

  test('every missing client is found at exactly one branch, for some not that of the booking', async () => {
    const simulator = await start();
    const { missingClientIds, bookings, clients } = simulator.truth();
    let elsewhere = 0;
    for (const id of missingClientIds) {
      const [branch, ...more] = await branchesFinding(simulator, id);
      const companyId = simulator.branches.find((each) => each.name === branch)?.companyId;
      expect(more).toEqual([]);
      expect(clients.find((client) => client.id === id)?.company_id).toBe(companyId);
      if (bookings.every((booking) => booking.client_id !== id || booking.company_id !== companyId)) elsewhere++;
    }
    expect(elsewhere).toBeGreaterThan(5);
  });

  test('a gone client is found nowhere, though other rows may come up', async () => {
    const simulator = await start();
    for (const id of simulator.truth().goneClientIds) expect(await branchesFinding(simulator, id)).toEqual([]);
  });

  test('a search returns other rows too, and at times the wanted one only on page 2', async () => {
    const simulator = await start({ bookings: 1000 });
    const { clients, missingClientIds } = simulator.truth();
    let onPageTwo = 0;
    let withOthers = 0;
    for (const id of missingClientIds) {
      const companyId = clients.find((client) => client.id === id)?.company_id;
      const token = await login(simulator, simulator.branches.find((each) => each.companyId === companyId)?.name);
      const first = rowsOf(await ask(simulator, `/search_clients?query=${id}`, token));
      const second = rowsOf(await ask(simulator, `/search_clients?query=${id}&page=2`, token));
      if (first.some((row) => row.id !== id)) withOthers++;
      if (idsOf(second).includes(id)) onPageTwo++;
    }
    expect(withOthers).toBeGreaterThan(0);
    expect(onPageTwo).toBeGreaterThan(0);
  });

  test('looking up an id finds what reading every record finds', async () => {
    const simulator = await start({ pageSize: 1000 });
    const { clients, bookings } = simulator.truth();
    const token = await login(simulator);
    const has = (query: string, values: unknown[]) => values.some((value) => String(value ?? '').includes(query));
    for (const query of [...clients.slice(0, 60), ...bookings.slice(0, 60)].map((each) => String(each.id))) {
      const found = idsOf(rowsOf(await ask(simulator, `/search_clients?query=${query}`, token)));
      const expected = clients.filter(
        (c) => c.company_id === 101 && has(query, [c.id, c.fio, c.phone, c.passport_number, c.doc_number]),
      );
      expect(found.reverse()).toEqual(idsOf(expected));
      const rows = idsOf(rowsOf(await ask(simulator, `/search_bookings?query=${query}`, token)));
      expect(rows).toEqual(
        bookings.filter((b) => b.company_id === 101 && has(query, [b.id, b.number])).map((b) => b.id),
      );
    }
  });

  test('names, numbers and car codes can be searched for; fewer than three characters are 422', async () => {
    const simulator = await start();
    const token = await login(simulator);
    expect(rowsOf(await ask(simulator, '/search_clients?query=тест', token)).length).toBeGreaterThan(0);
    expect(rowsOf(await ask(simulator, '/search_bookings?query=9001', token)).length).toBeGreaterThan(0);
    expect(rowsOf(await ask(simulator, '/search_cars?query=TT-0', token)).length).toBeGreaterThan(0);
    for (const path of ['/search_clients', '/search_bookings?query=12', '/search_cars?query='])
      expect((await ask(simulator, path, token)).status).toBe(422);
  });
});

describe('limits', () => {
  test('beyond the limit of a class a branch gets 429 with Retry-After, other classes and branches go on', async () => {
    const simulator = await start({ limits: { read: 4, search: 2, auth: 10 } });
    const token = await login(simulator);
    const other = await login(simulator, 'batumi');
    const search = () => ask(simulator, '/search_clients?query=700202', token);
    expect([(await search()).status, (await search()).status]).toEqual([200, 200]);
    const refused = await search();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await ask(simulator, '/all_bookings', token)).status).toBe(200);
    expect((await ask(simulator, '/search_clients?query=700202', other)).status).toBe(200);
    expect(simulator.requests.rateLimited).toBe(1);
  });

  test('the window slides', async () => {
    const simulator = await start({ limits: { read: 2, search: 2, auth: 2 }, limitWindowMs: 100 });
    const token = await login(simulator);
    const read = async () => (await ask(simulator, '/all_bookings', token)).status;
    expect([await read(), await read(), await read()]).toEqual([200, 200, 429]);
    await new Promise((resolve) => setTimeout(resolve, 110));
    expect(await read()).toBe(200);
  });

  test('a branch can be shut for a while', async () => {
    const simulator = await start();
    const tokens = [await login(simulator), await login(simulator, 'batumi')];
    simulator.faults.branchRateLimited = { branch: 'tbilisi', untilMs: Date.now() + 60 };
    const statuses = () =>
      Promise.all(tokens.map(async (token) => (await ask(simulator, '/all_bookings', token)).status));
    expect(await statuses()).toEqual([429, 200]);
    await new Promise((resolve) => setTimeout(resolve, 70));
    expect(await statuses()).toEqual([200, 200]);
  });
});

describe('faults of requests', () => {
  const spoiling = [
    'rateLimitSeconds',
    'rateLimitDate',
    'serverErrorHtml',
    'truncatedJson',
    'htmlOk',
    'reset',
  ] as const;

  async function isGood(simulator: RentprogSimulator, path: string, token: string): Promise<boolean> {
    try {
      const answer = await ask(simulator, path, token);
      if (answer.status !== 200) return false;
      JSON.parse(answer.text);
      return true;
    } catch {
      return false;
    }
  }

  test.each(spoiling)('%s spoils answers, but never one request more than three times in a row', async (fault) => {
    const simulator = await start();
    const token = await login(simulator);
    simulator.faults[fault] = 0.7;
    let failures = 0;
    for (let page = 1; page <= 8; page++) {
      let inRow = 0;
      while (!(await isGood(simulator, `/all_bookings?page=${page}`, token))) inRow++;
      expect(inRow).toBeLessThanOrEqual(3);
      failures += inRow;
    }
    expect(failures).toBeGreaterThan(0);
    simulator.faults[fault] = 0;
    expect(await isGood(simulator, '/all_bookings', token)).toBe(true);
  });

  test('at rate 1 a fault never lets up', async () => {
    const simulator = await start();
    const token = await login(simulator);
    simulator.faults.serverErrorHtml = 1;
    for (let n = 0; n < 6; n++) {
      const answer = await ask(simulator, '/all_bookings', token);
      expect(answer.status).toBeGreaterThanOrEqual(500);
      expect(answer.text).toContain('<html>');
    }
  });

  test('the same seed and requests meet the same faults', async () => {
    const statuses = async () => {
      const simulator = await start({ faults: { serverErrorHtml: 0.5 } });
      const all: number[] = [];
      for (let n = 0; n < 30; n++) all.push((await ask(simulator, '/get_token?company_token=tbilisi-token')).status);
      return all.map((status) => status === 200);
    };
    expect(await statuses()).toEqual(await statuses());
  });

  test('Retry-After comes in seconds or as a date', async () => {
    const simulator = await start({ faults: { rateLimitSeconds: 1, retryAfterSeconds: 7 } });
    expect((await ask(simulator, '/all_bookings')).headers.get('retry-after')).toBe('7');
    Object.assign(simulator.faults, { rateLimitSeconds: 0, rateLimitDate: 1 });
    const date = (await ask(simulator, '/all_bookings')).headers.get('retry-after') ?? '';
    expect(Date.parse(date) - Date.now()).toBeGreaterThan(5000);
  });

  test('a token refused in mid use stays refused, a new one works', async () => {
    const simulator = await start();
    const token = await login(simulator);
    simulator.faults.expiredToken = 1;
    expect((await ask(simulator, '/all_bookings', token)).status).toBe(401);
    simulator.faults.expiredToken = 0;
    expect((await ask(simulator, '/all_bookings', token)).status).toBe(401);
    expect((await ask(simulator, '/all_bookings', await login(simulator))).status).toBe(200);
  });

  test('slow answers take the time asked for', async () => {
    const simulator = await start({ faults: { slow: { ms: 80, rate: 1 } } });
    const startMs = performance.now();
    await login(simulator);
    expect(performance.now() - startMs).toBeGreaterThan(75);
  });

  test('a failing page answers 500 until cleared', async () => {
    const simulator = await start({ faults: { failPage: { branch: 'tbilisi', path: '/all_bookings', page: 3 } } });
    const token = await login(simulator);
    for (let n = 0; n < 5; n++) expect((await ask(simulator, '/all_bookings?page=3', token)).status).toBe(500);
    expect((await ask(simulator, '/all_bookings?page=2', token)).status).toBe(200);
    simulator.faults.failPage = null;
    expect((await ask(simulator, '/all_bookings?page=3', token)).status).toBe(200);
  });

  test('error bodies come in several shapes', async () => {
    const simulator = await start();
    const shapes = new Set<string>();
    for (let n = 0; n < 8; n++) {
      const { text, headers } = await ask(simulator, '/all_bookings');
      const json = headers.get('content-type')?.includes('json');
      shapes.add(json ? String(Object.keys(JSON.parse(text) as Fields)) : 'text');
    }
    expect(shapes).toEqual(new Set(['text', 'error', 'errors', 'message']));
  });
});

describe('faults of listings', () => {
  test('pages shift a bounded number of times while they are read', async () => {
    const simulator = await start({ faults: { pageShift: 1, pageShiftLimit: 3 } });
    const rows = await readAll(simulator, '/all_bookings');
    expect(rows.length).toBe(103);
    expect(new Set(idsOf(rows)).size).toBe(100);
    expect(simulator.truth().bookings).toHaveLength(403);
  });

  test('rows repeat without any being lost', async () => {
    const simulator = await start({ faults: { duplicateRows: 0.2 } });
    const rows = await readAll(simulator, '/all_bookings');
    expect(rows.length).toBeGreaterThan(105);
    expect(new Set(idsOf(rows)).size).toBe(100);
  });

  test('a smaller page size now and then makes a careless reader skip rows', async () => {
    const simulator = await start({ faults: { changingPageSize: 0.5 } });
    const token = await login(simulator);
    const sizes = new Set<number>();
    const seen = new Set<number>();
    for (let page = 1; page <= 10; page++) {
      const rows = rowsOf(await ask(simulator, `/all_bookings?page=${page}`, token));
      sizes.add(rows.length);
      for (const row of rows) seen.add(row.id);
    }
    expect(sizes).toEqual(new Set([7, 10]));
    expect(seen.size).toBeLessThan(100);
  });

  test('unknown fields and other types are the same on every read and do not change the meaning', async () => {
    const simulator = await start({ faults: { unknownFields: 0.5, wrongTypes: 0.2 } });
    const rows = await readAll<RawBooking>(simulator, '/all_bookings');
    expect(await readAll(simulator, '/all_bookings')).toEqual(rows);
    expect(rows.some((row) => 'loyalty' in row)).toBe(true);
    expect(rows.some((row) => typeof row.id === 'string')).toBe(true);
    expect(rows.some((row) => typeof row.total === 'string')).toBe(true);
    const truth = new Map(simulator.truth().bookings.map((booking) => [booking.id, booking]));
    for (const row of rows) expect(Number(row.total)).toBe(truth.get(Number(row.id))?.total);
  });

  test('broken records stay broken in lists and searches until repaired', async () => {
    const simulator = await start({ faults: { brokenRecords: 4 } });
    const { brokenBookingIds, bookings } = simulator.truth();
    expect(brokenBookingIds).toHaveLength(4);
    const differing = async () => {
      const rows = byId(await readEverywhere<RawBooking>(simulator, '/all_bookings'));
      return idsOf(
        bookings.filter((booking, at) => JSON.stringify(booking) !== JSON.stringify(ordered(rows[at], booking))),
      );
    };
    expect(await differing()).toEqual([...brokenBookingIds].sort());
    simulator.repairBrokenRecords();
    expect(await differing()).toEqual([]);
  });

  const ordered = (row: RawBooking | undefined, like: RawBooking): Fields =>
    Object.fromEntries(Object.keys(like).map((field) => [field, row?.[field] ?? null]));
});

describe('changes', () => {
  test('created, changed, archived, moved and destroyed bookings show up at once', async () => {
    const simulator = await start();
    const { mutate } = simulator;
    const created = mutate.createBooking('tbilisi', { client_id: 900101 });
    const [first] = await readAll<RawBooking>(simulator, '/all_bookings');
    expect(first).toMatchObject({ id: created.id, client_id: 900101 });
    mutate.updateBooking(created.id, { total: 12.5, state: 'Отмена' });
    expect((await readAll(simulator, '/all_bookings'))[0]).toMatchObject({ total: 12.5, state: 'Отмена' });
    mutate.moveBooking(created.id, 'kutaisi');
    expect(idsOf(await readAll(simulator, '/all_bookings'))).not.toContain(created.id);
    expect((await readAll(simulator, '/all_bookings', 'kutaisi'))[0]).toMatchObject({
      id: created.id,
      company_id: 103,
    });
    expect(idsOf(await readAll(simulator, `/search_bookings?query=${created.id}`, 'kutaisi'))).toEqual([created.id]);
    mutate.archiveBooking(created.id);
    expect(idsOf(await readEverywhere(simulator, '/all_bookings'))).not.toContain(created.id);
    expect(idsOf(await readAll(simulator, `/search_bookings?query=${created.id}`, 'kutaisi'))).toEqual([]);
    mutate.destroyBooking(900101);
    expect(simulator.truth().bookings).toHaveLength(399);
    expect(() => mutate.updateBooking(900101, {})).toThrow(/900101/);
  });

  test('clients can be created, changed, destroyed and revealed', async () => {
    const simulator = await start();
    const { mutate } = simulator;
    const { goneClientIds, missingClientIds } = simulator.truth();
    const [gone = 0, missing = 0] = [goneClientIds[0], missingClientIds[0]];
    const created = mutate.createClient('batumi', { lastname: 'Новичков' });
    mutate.updateClient(created.id, { phone: null });
    mutate.updateClient(missing, { phone: '+7 900 000-00-00' });
    expect(simulator.truth().missingClientIds).toContain(missing);
    mutate.revealClient(gone, 'batumi');
    mutate.revealClient(missing, 'batumi');
    const listed = new Map((await readAll<RawClient>(simulator, '/all_clients', 'batumi')).map((row) => [row.id, row]));
    expect(listed.get(created.id)).toMatchObject({ lastname: 'Новичков', phone: null });
    expect(listed.get(gone)).toMatchObject({ company_id: 102 });
    expect(listed.get(missing)).toMatchObject({ phone: '+7 900 000-00-00' });
    expect(simulator.truth().goneClientIds).not.toContain(gone);
    expect(simulator.truth().missingClientIds).not.toContain(missing);
    mutate.destroyClient(created.id);
    expect(idsOf(simulator.truth().clients)).not.toContain(created.id);
  });

  test('live mutation keeps changing the data until stopped', async () => {
    const simulator = await start();
    const before = simulator.truth().bookings;
    simulator.startLiveMutation(2);
    await new Promise((resolve) => setTimeout(resolve, 60));
    simulator.stopLiveMutation();
    const after = simulator.truth().bookings;
    expect(after).not.toEqual(before);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(simulator.truth().bookings).toEqual(after);
  });
});

describe('webhooks', () => {
  async function receive(options: RentprogSimulatorOptions, act: (simulator: RentprogSimulator) => void) {
    const got: { url: string; body: { event: string; payload: string | Fields } }[] = [];
    const receiver = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      request.on('end', () => {
        got.push({ url: request.url ?? '', body: JSON.parse(text) as (typeof got)[number]['body'] });
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    const simulator = await start({ ...options, webhookUrl: (branch) => `http://127.0.0.1:${port}/${branch}` });
    act(simulator);
    await simulator.webhooksSettled();
    receiver.closeAllConnections();
    receiver.close();
    return { got, simulator };
  }

  test('an update tells changed fields as pairs in Ruby notation, to the URL of the branch', async () => {
    const { got, simulator } = await receive({}, ({ mutate }) => {
      mutate.updateBooking(900102, { state: 'Ожидает "оплаты" #{1}', ride: 'да' });
    });
    expect(simulator.webhooks).toEqual({ sent: 1, failed: 0 });
    expect(got[0]?.url).toBe('/batumi');
    expect(got[0]?.body.event).toBe('booking_update');
    expect(got[0]?.body.payload).toContain('"ride"=>[nil, "да"]');
    expect(got[0]?.body.payload).toContain(', "Ожидает \\"оплаты\\" \\#{1}"]');
    expect(got[0]?.body.payload).toContain('"id"=>900102, "user_id"=>501, "created_from_api"=>false');
    expect(got[0]?.body.payload).not.toContain('client_id');
  });

  test('create tells the whole record and destroy the id, as an object or as JSON text', async () => {
    const { got } = await receive({ payloadForm: 'object' }, ({ mutate }) => {
      mutate.destroyClient(mutate.createClient('tbilisi').id);
    });
    const payloads = new Map(got.map(({ body }) => [body.event, body.payload]));
    expect(payloads.get('client_create')).toMatchObject({ id: 100001, entity: expect.any(Boolean) });
    expect(payloads.get('client_destroy')).toEqual({ id: 100001 });
    const text = await receive({ payloadForm: 'json-string' }, ({ mutate }) => mutate.destroyBooking(900103));
    expect(text.got[0]?.body).toEqual({ event: 'booking_destroy', payload: '{"id":900103}' });
  });
});

describe('the counts and the size', () => {
  test('requests are counted by path and branch, searches kept, and the counts can start anew', async () => {
    const simulator = await start({ latencyMs: [20, 30] });
    const token = await login(simulator);
    await Promise.all([1, 2, 3].map((page) => ask(simulator, `/all_bookings?page=${page}`, token)));
    await ask(simulator, '/search_clients?query=700202&page=2', token);
    expect(simulator.requests).toMatchObject({
      total: 5,
      byPath: { '/get_token': 1, '/all_bookings': 3, '/search_clients': 1 },
      byBranch: { tbilisi: 5 },
      searches: [{ branch: 'tbilisi', path: '/search_clients', query: '700202', page: 2 }],
      maxInFlight: 3,
    });
    simulator.resetRequests();
    expect(simulator.requests).toMatchObject({ total: 0, byPath: {}, searches: [] });
  });

  test('a million bookings start at once and any page is quick', async () => {
    const startMs = performance.now();
    const simulator = await start({ bookings: 1_000_000, pageSize: 500 });
    const token = await login(simulator);
    expect(rowsOf(await ask(simulator, '/all_bookings?page=500', token))).toHaveLength(500);
    expect(idsOf(rowsOf(await ask(simulator, '/search_bookings?query=1900001', token)))).toContain(1_900_001);
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });
});
