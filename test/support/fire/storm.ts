import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { FireWorld } from './fire-world.ts';
import { webhookPath } from './vendors.ts';

export interface StormReport {
  /** Posts of ours and of the vendors. */
  sent: number;
  /** What came of it on this machine. */
  perSecond: number;
  /** Of ours, by kind and status. */
  answers: Record<string, number>;
  /** Of the vendors' own posts, those that were not answered well. */
  failed: number;
  /** Of ours, those that were asked to come again. */
  putOff: number;
  /** The longest that an answer to one of ours took, and `/healthz` meanwhile, in ms. */
  slowestMs: number;
  slowestHealthMs: number;
  /** Processor time of the console for each event, in ms. */
  consoleMsPerEvent: number;
}

/** Stands in bodies that nobody can read; must be found nowhere. */
export const STORM_CANARY = 'Канарейкина-Проверочная';
const TICK_MS = 20;
const TOO_LARGE = 300 * 1024;

/** Events of one kind, each with the statuses that are right for it. */
interface Kind {
  share: number;
  right: number[];
  send(world: FireWorld, known: Known): { path: string; body: string | Buffer } | undefined;
}

/** Looked up seldom: the vendors, and the network to the servers, live in this process too. */
interface Known {
  rented: number[];
  inTbilisi: number[];
  booked: { hotel: string; id: string }[];
}

function knownOf({ vendors: { rentprog, litepms } }: FireWorld): Known {
  const { bookings } = rentprog.truth();
  const tbilisi = rentprog.branches.find(({ name }) => name === 'tbilisi')?.companyId;
  return {
    rented: bookings.map(({ id }) => id),
    inTbilisi: bookings.filter(({ company_id: of }) => of === tbilisi).map(({ id }) => id),
    booked: Object.entries(litepms.truth()).flatMap(([hotel, truth]) =>
      truth.bookings.map(({ id }) => ({ hotel, id })),
    ),
  };
}

const RENTPROG = webhookPath('rentprog', 'tbilisi');

/** A change at a vendor is one event, and the vendor posts it; the others are posted by us. */
const KINDS: Record<string, Kind> = {
  change: {
    share: 20,
    right: [],
    send({ vendors: { rentprog, litepms }, random }, { rented, booked }) {
      if (random.int(2) === 0)
        rentprog.mutate.updateBooking(random.pick(rented), { total: random.int(1_000_000) / 100 });
      else {
        const { hotel, id } = random.pick(booked);
        litepms.mutate.editBooking(hotel, id, { price: `${random.int(100_000)}.50` });
      }
      return undefined;
    },
  },
  repeat: {
    share: 50,
    right: [200],
    send({ random }, { inTbilisi, booked }) {
      if (random.int(2) === 0) {
        const payload = `{"id"=>${random.pick(inTbilisi)}}`;
        return { path: RENTPROG, body: JSON.stringify({ event: 'booking_update', payload }) };
      }
      const { hotel, id } = random.pick(booked);
      return {
        path: webhookPath('litepms', hotel),
        body: `type=edit_booking&booking_id=${id}&client_name=${STORM_CANARY}`,
      };
    },
  },
  unreadable: {
    share: 20,
    right: [400],
    send: ({ random }) => ({
      path: RENTPROG,
      body: random.pick([
        '',
        'null',
        `{"event":"booking_update","payload":"${STORM_CANARY}"`,
        `{"event":"booking_update","payload":"${STORM_CANARY}"}`,
        '[[[['.repeat(500),
        Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x80]),
        JSON.stringify({ event: { name: STORM_CANARY } }),
      ]),
    }),
  },
  unknown: {
    share: 4,
    right: [200],
    send: () => ({ path: RENTPROG, body: JSON.stringify({ event: 'debt_create', payload: { name: STORM_CANARY } }) }),
  },
  wrongSecret: { share: 4, right: [404], send: () => ({ path: `${RENTPROG}x`, body: STORM_CANARY }) },
  tooLarge: { share: 2, right: [413], send: () => ({ path: RENTPROG, body: 'x'.repeat(TOO_LARGE) }) },
};

const PLEASE_REPEAT = 503;

/** Throws when an answer is neither the one that its kind deserves nor, for an event, the request to repeat it. */
export async function storm(world: FireWorld, wanted: { perSecond: number; seconds: number }): Promise<StormReport> {
  const { consoleUrl, random, vendors } = world;
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  // Not in the line behind our own posts.
  const watch = new Agent({ keepAlive: true });
  const answers: Record<string, number> = {};
  const wrong: string[] = [];
  const posts: Promise<void>[] = [];
  const drawn = Object.entries(KINDS).flatMap(
    ([name, kind]) => Array(kind.share).fill([name, kind]) as [string, Kind][],
  );
  const failedBefore = vendors.rentprog.webhooks.failed + vendors.litepms.webhooks.failed;
  let [slowestMs, slowestHealthMs, putOff] = [0, 0, 0];
  let known = knownOf(world);
  const eventOf = (kind: Kind) => {
    try {
      return kind.send(world, known);
    } catch (error) {
      // Somebody has deleted the booking meanwhile.
      if (!(error instanceof RangeError)) throw error;
      known = knownOf(world);
      return kind.send(world, known);
    }
  };
  const one = () => {
    const [name, kind] = random.pick(drawn);
    const event = eventOf(kind);
    if (!event) return;
    const post = send(agent, consoleUrl + event.path, event.body).then(({ status, ms }) => {
      slowestMs = Math.max(slowestMs, ms);
      answers[`${name} ${status}`] = (answers[`${name} ${status}`] ?? 0) + 1;
      if (status === PLEASE_REPEAT && kind.right.includes(200)) putOff += 1;
      else if (!kind.right.includes(status)) wrong.push(`${name}: ${status}`);
    });
    posts.push(post);
  };
  const workedBefore = world.fleet.worked('console');
  const startedAt = performance.now();
  const health = async () => {
    const { status, ms } = await send(watch, `${consoleUrl}/healthz`, undefined);
    if (status !== 200) wrong.push(`/healthz: ${status}`);
    slowestHealthMs = Math.max(slowestHealthMs, ms);
  };
  let sent = 0;
  const total = wanted.perSecond * wanted.seconds;
  while (sent < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startedAt) / 1000) * wanted.perSecond));
    for (; sent < due; sent += 1) one();
    await Promise.all([wait(TICK_MS), sent % 25 === 0 ? health() : undefined]);
  }
  await Promise.all(posts);
  await vendors.rentprog.webhooksSettled();
  await vendors.litepms.webhooksSettled();
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  watch.destroy();
  const failed = vendors.rentprog.webhooks.failed + vendors.litepms.webhooks.failed - failedBefore;
  if (wrong.length > 0) throw new Error(`${wrong.length} events got a wrong answer, e.g. ${wrong.slice(0, 5)}`);
  return {
    sent,
    perSecond: Math.round(sent / seconds),
    answers,
    putOff,
    failed,
    slowestMs: Math.round(slowestMs),
    slowestHealthMs: Math.round(slowestHealthMs),
    consoleMsPerEvent: Math.round((100 * (world.fleet.worked('console') - workedBefore)) / sent) / 100,
  };
}

/** The status, 0 when the connection was ended without one; and how long it took since a connection was free for it. */
function send(agent: Agent, url: string, body: string | Buffer | undefined): Promise<{ status: number; ms: number }> {
  return new Promise((resolve) => {
    let sentAt = performance.now();
    const answer = (status: number) => resolve({ status, ms: performance.now() - sentAt });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const asking = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      response.resume();
      response.once('end', () => answer(response.statusCode ?? 0));
    });
    asking.once('socket', () => {
      sentAt = performance.now();
    });
    asking.once('error', () => answer(0));
    asking.end(body);
  });
}
