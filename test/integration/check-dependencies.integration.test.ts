import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

const script = resolve('.ci/check-dependencies.mjs');
const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0).reverse()) close();
});

/** A project with these production packages, as its lock file and `node_modules` tell. */
function project(licences: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'pmsync-licences-'));
  opened.push(() => rmSync(folder, { recursive: true, force: true }));
  const names = Object.keys(licences);
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  const about = { name: 'mine', version: '1.0.0', dependencies, devDependencies: { 'only-for-us': '1.0.0' } };
  const packages: Record<string, object> = { '': about };
  for (const [name, license] of Object.entries(licences)) {
    packages[`node_modules/${name}`] = { version: '1.0.0' };
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(
      join(folder, 'node_modules', name, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', license }),
    );
  }
  packages['node_modules/only-for-us'] = { version: '1.0.0', license: 'GPL-3.0', dev: true };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
  const lock = { name: 'mine', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  return folder;
}

/** A registry that knows of these advisories. */
async function registry(advisories: Record<string, object[]>): Promise<string> {
  const server = createServer((request, response) => {
    const isAsked = request.url?.endsWith('/advisories/bulk');
    response.writeHead(isAsked ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isAsked ? advisories : {}));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  opened.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function check(cwd: string, address: string): Promise<{ code: number; said: string }> {
  const env = { ...process.env, npm_config_registry: address, npm_config_fetch_retries: '0', npm_config_cache: cwd };
  return new Promise((done) => {
    const child = execFile(process.execPath, [script], { cwd, env }, (_, said) =>
      done({ code: child.exitCode ?? -1, said }),
    );
  });
}

const advisory = (severity: string) => ({
  id: 1,
  url: 'https://advisories.example/1',
  title: 'Something odd',
  severity,
  vulnerable_versions: '<2.0.0',
});
const NOBODY = 'http://127.0.0.1:1/';

describe('the check of the dependencies', () => {
  test('lets pass what may be shipped, and says when nobody told of advisories', async () => {
    const mine = project({ a: 'MIT', b: '(GPL-3.0 OR MIT)', c: 'ISC AND Apache-2.0' });
    const { code, said } = await check(mine, NOBODY);
    expect(said).toMatch(/1 {2}MIT\n/);
    expect(said).toContain('advisories: NOT CHECKED');
    expect(said).not.toContain('only-for-us');
    expect(code).toBe(0);
  });

  test('names every package whose licence is not one of those', async () => {
    const bad = ['GPL-3.0-only', 'MPL-2.0', 'MIT AND GPL-2.0', 'SEE LICENSE IN LICENSE', 'MIT-like', undefined];
    const licences = Object.fromEntries(bad.map((licence, at) => [`of-others-${at}`, licence]));
    const { code, said } = await check(project({ ...licences, good: 'MIT' }), NOBODY);
    for (const name of Object.keys(licences)) expect(said).toMatch(new RegExp(`NOT ALLOWED\\n +${name} 1\\.0\\.0`));
    expect(said).not.toContain('good 1.0.0');
    expect(code).toBe(1);
  });

  test('fails at an advisory that is high, and tells of milder ones', async () => {
    const mine = project({ a: 'MIT', b: 'MIT' });
    const high = await check(mine, await registry({ a: [advisory('high')], b: [advisory('low')] }));
    expect(high.said).toMatch(/advisories: 1 high or critical, 1 milder\n +a \(high\) https:\/\/advisories/);
    expect(high.code).toBe(1);
    const mild = await check(mine, await registry({ b: [advisory('moderate')] }));
    expect(mild).toMatchObject({ code: 0, said: expect.stringContaining('advisories: 0 high or critical, 1 milder') });
  });
});
