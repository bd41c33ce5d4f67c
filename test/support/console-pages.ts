/** Asks the console's JSON. */
type Json = <T>(path: string) => Promise<T>;

interface Named {
  source: string;
  entity: string;
  external_id: string;
}
interface Cause {
  cause: string;
  kind: string;
  source: string;
  entities: string[];
  external_ids: string[];
}

/** Addresses of every page that the console has at the moment, one of each sort, by a name for files. */
export async function consolePages(json: Json): Promise<Record<string, string>> {
  return { ...(await ownPages(json)), ...(await hotelPages(json)) };
}

async function ownPages(json: Json): Promise<Record<string, string>> {
  const { rows: runs } = await json<{ rows: { id: string; entity: string; account: string }[] }>('/api/runs');
  const { rows: causes } = await json<{ rows: Cause[] }>('/api/issues');
  const { receipts } = await json<{ receipts: { id: string }[] }>('/api/requeue');
  const { targets } = await json<{ targets: { source: string; account: string }[] }>('/api/reports');
  const kinds = new Map(causes.toReversed().map((cause) => [cause.kind, cause]));
  const records = causes.flatMap(({ source, entities: [entity = ''], external_ids: [id] }) =>
    id === undefined ? [] : [{ source, entity, external_id: id }],
  );
  const [record] = records;
  const run = runs.find(({ entity }) => entity === 'bookings') ?? runs[0];
  const target = targets.find(({ account }) => account === 'tbilisi') ?? targets[0];
  return {
    overview: '/',
    'overview-account': `/?source=${target?.source}&account=${target?.account}&range=hour`,
    runs: '/runs',
    'runs-none': '/runs?status=failed&entity=cars',
    ...(run && { run: `/runs/${run.id}` }),
    issues: '/issues',
    'issues-none': '/issues?q=nothing-like-this',
    ...Object.fromEntries([...kinds].map(([kind, { cause }]) => [`issue-${kind}`, `/issues/${cause}`])),
    'issues-closed': '/issues?state=resolved',
    records: '/records',
    'records-found': `/records?q=${encodeURIComponent(record?.external_id ?? '')}`,
    'records-none': '/records?q=nothing-like-this',
    ...(record && { record: recordPath(record) }),
    'record-unknown': '/records/rentprog/bookings/1',
    requeue: '/requeue',
    ...(receipts[0] && { receipt: `/requeue/${receipts[0].id}` }),
    reports: '/reports',
    report: `/reports?target=${target?.source}/${target?.account}`,
    missing: '/nothing-here',
  };
}

/** None where the settings have no hotel of our own, or nothing is in it. */
async function hotelPages(json: Json): Promise<Record<string, string>> {
  const { targets } = await json<{ targets: { source: string }[] }>('/api/reports');
  if (!targets.some(({ source }) => source === 'hotel')) return {};
  const first = async (name: string) =>
    (await json<{ items: { id: number }[] }>(`/api/hotel/${name}?limit=1`)).items[0];
  const [booking, guest, room] = await Promise.all(['bookings', 'guests', 'rooms'].map(first));
  if (!booking || !guest || !room) return {};
  return {
    hotel: '/hotel',
    'hotel-free': '/hotel/free',
    'hotel-book': `/hotel/book?room=${room.id}`,
    'hotel-bookings': '/hotel/bookings',
    'hotel-booking': `/hotel/bookings/${booking.id}`,
    'hotel-booking-edit': `/hotel/bookings/${booking.id}/edit`,
    'hotel-booking-delete': `/hotel/bookings/${booking.id}/delete`,
    'hotel-confirmation': `/hotel/bookings/${booking.id}/confirmation`,
    'hotel-guests': '/hotel/guests',
    'hotel-guests-none': '/hotel/guests?q=nobody-like-this',
    'hotel-guest': `/hotel/guests/${guest.id}`,
    'hotel-guest-new': '/hotel/guests/new',
    'hotel-guest-delete': `/hotel/guests/${guest.id}/delete`,
    'hotel-rooms': '/hotel/rooms',
    'hotel-room': `/hotel/rooms/${room.id}`,
    'hotel-room-edit': `/hotel/rooms/${room.id}/edit`,
  };
}

function recordPath({ source, entity, external_id: id }: Named): string {
  return `/records/${source}/${entity}/${encodeURIComponent(id)}`;
}
