import { afterEach, expect, test } from 'vitest';
import { Unavailable } from '../../sources/errors.ts';
import { readCorporateItems } from '../../sources/iiko/lists.ts';
import { departmentList, storeList } from '../../sources/iiko/requests.ts';
import { type IikoSimulator, startIikoSimulator } from '../../sources/iiko/simulator.ts';

const open: IikoSimulator[] = [];
afterEach(async () => {
  for (const simulator of open.splice(0)) await simulator.close();
});

/** The body of a list, as the server sends it. */
async function bodyOf(path: string, faults: Partial<IikoSimulator['faults']> = {}) {
  const simulator = await startIikoSimulator({ days: 1, lines: 5 });
  open.push(simulator);
  const { createHash } = await import('node:crypto');
  const pass = createHash('sha1').update(simulator.password).digest('hex');
  const key = (await (await fetch(`${simulator.url}/auth?login=${simulator.login}&pass=${pass}`)).text()).trim();
  Object.assign(simulator.faults, faults);
  return { simulator, body: await (await fetch(`${simulator.url}${path}?key=${key}`)).text() };
}

test('a list of stores is read as the server writes it, entities and all', async () => {
  const { simulator, body } = await bodyOf('/corporation/stores');
  const stores = simulator.truth().stores;
  expect(readCorporateItems(body, storeList)).toEqual(
    stores.map(({ id, departmentId, code, name }) => ({
      id,
      parentId: departmentId,
      code: code || null,
      name: name.trim(),
      type: 'STORE',
      taxpayerIdNumber: null,
    })),
  );
  expect(body).toContain('&lt;');
});

test('a document type is refused before anything of it is believed', async () => {
  const { body } = await bodyOf('/corporation/departments', { hostileXml: true });
  expect(body).toContain('<!DOCTYPE');
  expect(() => readCorporateItems(body, departmentList)).toThrow(Unavailable);
});

test.each([
  ['half of a list', (body: string) => body.slice(0, body.length / 2)],
  ['a list with a tag that is not closed', (body: string) => body.replace('</name>', '')],
  ['an undefined entity', (body: string) => body.replace('<name>', '<name>&stolen;')],
  ['another document', () => '<html><body>starting</body></html>'],
  ['nothing', () => ''],
])('%s is a passing fault, and is not quoted', async (_, spoil) => {
  const { body } = await bodyOf('/corporation/departments');
  const read = () => readCorporateItems(spoil(body), departmentList);
  expect(read).toThrow(Unavailable);
  expect(read).toThrow(/^GET \/corporation\/departments: answered [\w ]+$/);
});
