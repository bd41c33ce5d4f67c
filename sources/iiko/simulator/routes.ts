import { setTimeout as sleep } from 'node:timers/promises';
import { amountText, sum } from './amounts.ts';
import { isDate } from './dates.ts';
import type { FaultDraw } from './fault-draw.ts';
import { filterRows, malformedId, type Parameters } from './lists.ts';
import { runOlap } from './olap.ts';
import { olapColumns } from './olap-columns.ts';
import { Refusal, readQuery } from './olap-query.ts';
import { json, plain, type Reply, xml } from './replies.ts';
import type { Faults, Shift } from './types.ts';
import type { World } from './world.ts';
import { departmentsXml, storesXml } from './xml.ts';

export interface Call {
  method: string;
  path: string;
  parameters: Parameters;
  body: string;
  draw: FaultDraw;
}

type Route = (call: Call) => Reply | Promise<Reply>;

const NO_SUCH = plain('Not Found', 404);

/** Everything behind a token. Unknown paths are 404. */
export function createRoutes(world: World, faults: Faults): (call: Call) => Reply | Promise<Reply> {
  const { catalogue, corporation, hidden } = world;
  const rows = (list: object[]): Reply => json(JSON.stringify(list));
  const shown = <T extends { id: string }>(list: readonly T[]): T[] => list.filter(({ id }) => !hidden.has(id));

  const routes: Record<string, Route> = {
    '/replication/serverType': () => plain('STANDALONE_RMS\n'),
    '/v2/entities/products/list': ({ parameters }) =>
      malformedId(parameters) ?? rows(filterRows(catalogue.products.values(), parameters, false)),
    '/v2/entities/products/group/list': ({ parameters }) =>
      malformedId(parameters) ?? rows(filterRows(catalogue.groups.values(), parameters, false)),
    '/v2/entities/list': ({ parameters }) =>
      parameters.has('rootType')
        ? rows(filterRows(catalogue.categories.values(), parameters, true))
        : plain('Parameter rootType is required', 400),
    '/corporation/departments': () => xml(departmentsXml(shown(corporation.departments), faults.hostileXml)),
    '/corporation/stores': () => xml(storesXml(shown(corporation.stores), faults.hostileXml)),
    '/v2/cashshifts/list': ({ parameters }) => shifts(parameters),
    '/v2/reports/olap/columns': ({ parameters }) =>
      parameters.get('reportType') === 'SALES'
        ? json(JSON.stringify(olapColumns(faults.missingColumns)))
        : plain('Unknown report type', 400),
    '/v2/reports/olap': (call) => (call.method === 'POST' ? olap(call) : NO_SUCH),
  };

  function shifts(parameters: Parameters): Reply {
    const from = parameters.get('openDateFrom') ?? '';
    const to = parameters.get('openDateTo') ?? '';
    const status = parameters.get('status');
    const wrong = [from, to].find((date) => !isDate(date));
    if (wrong !== undefined) return plain(`Wrong date format: ${wrong}`, 400);
    if (status === null) return plain('Parameter status is required', 400);
    return rows(
      world.shifts
        .list(from, to)
        .filter((shift) => status === 'ANY' || shift.status === status)
        .map((shift) => ({ ...shiftRow(shift), payOrders: takenIn(shift) })),
    );
  }

  /** What the shift's orders came to, whenever they were made. */
  function takenIn({ id, date }: Shift): number {
    const lines = world.day(date).flatMap(({ sessionId, lines: of }) => (sessionId === id ? of : []));
    return Number(amountText(sum(lines.map(({ revenue }) => revenue))));
  }

  async function olap({ body, draw }: Call): Promise<Reply> {
    const query = readQuery(body, faults.missingColumns);
    if (faults.failDay !== null && query.from <= faults.failDay && query.to >= faults.failDay)
      return plain('java.lang.RuntimeException: Connection reset', 500);
    if (draw.spoils('malformedOlap', faults.malformedOlap)) return json('{"data":{"rows":0},"summary":[]}');
    if (draw.spoils('emptyOlap', faults.emptyOlap)) return json('{"data":[],"summary":[]}');
    const answer = runOlap(world, query, faults);
    if (faults.bigDays && answer.rows > faults.bigDays.rows) await sleep(faults.bigDays.ms);
    return json(answer.body);
  }

  return async (call) => {
    const route = Object.hasOwn(routes, call.path) ? routes[call.path] : undefined;
    if (!route) return NO_SUCH;
    try {
      return await route(call);
    } catch (error) {
      if (error instanceof Refusal) return plain(error.message, error.status);
      throw error;
    }
  };
}

/** Newer servers say `responsibleUserId`, the manual `responsibleUser`. */
const shiftRow = ({ id, number, openDate, closeDate, acceptDate, status, department }: Shift) => ({
  id,
  sessionNumber: number,
  fiscalNumber: number,
  cashRegNumber: 1,
  cashRegSerial: '',
  openDate,
  closeDate,
  acceptDate,
  managerId: null,
  responsibleUserId: null,
  pointOfSaleId: department.olapId,
  payIn: 0,
  payOut: 0,
  sessionStatus: status,
});
