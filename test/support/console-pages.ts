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

function recordPath({ source, entity, external_id: id }: Named): string {
  return `/records/${source}/${entity}/${encodeURIComponent(id)}`;
}
