import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseYaml } from '../../settings/read-document.ts';
import { readTop } from '../../settings/read-top.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { oddText, oddValue } from './support/nasty.ts';
import { runs } from './support/runs.ts';

const SECRET = 'a-secret-token-of-mine';
const sources = await loadSources();
const good = {
  sources: {
    rentprog: {
      baseUrl: 'https://rentprog.example/api',
      schedule: { clients: '15m', full: { cron: '0 3 * * *', timezone: 'Asia/Tbilisi' } },
      limits: { read: '120/min' },
      accounts: { tbilisi: { companyToken: `\${TOKEN}`, timezone: 'Asia/Tbilisi', currency: 'GEL' } },
    },
    litepms: { accounts: { main: { login: `\${TOKEN}`, apiKey: SECRET, timezone: 'Europe/Moscow', currency: 'RUB' } } },
  },
  fanOut: { perRecordLimit: 2000 },
  deleteBrake: { percent: 5, rows: 20 },
  retention: { runs: '90d', audit: 'off' },
};

/** As `loadSettings` does, without its file. */
function read(yaml: string): string[] {
  const { reading, sound } = parseYaml('pmsync.yaml', yaml, { TOKEN: SECRET });
  const settings = sound ? readTop(reading, sources) : undefined;
  expect(settings !== undefined || reading.problems.length > 0).toBe(true);
  for (const { problem, fix } of reading.problems) expect([problem, fix]).not.toContain('');
  return [...reading.problems.map((problem) => JSON.stringify(problem)), ...reading.warnings];
}

/** Another value at a place that the path finds by wrapping around. */
function withValue(at: unknown, [step, ...rest]: readonly number[], value: unknown, name?: string): unknown {
  const keys = at !== null && typeof at === 'object' ? Object.keys(at) : [];
  if (step === undefined || keys.length === 0) return name === undefined ? value : { ...(at as object), [name]: value };
  const key = keys[step % keys.length]!;
  return { ...(at as object), [key]: withValue((at as Record<string, unknown>)[key], rest, value, name) };
}

describe('a settings file', () => {
  test('is read when nothing is wrong with it', () => {
    expect(read(stringify(good))).toEqual([expect.stringContaining('a secret is written in the file')]);
  });

  test('with anything in any place gets problems with a way out, and shows no secret', () => {
    const path = fc.array(fc.nat({ max: 20 }), { maxLength: 6 });
    fc.assert(
      fc.property(path, oddValue, fc.option(oddText, { nil: undefined }), (steps, value, name) => {
        const problems = read(stringify(withValue(good, steps, value, name)));
        expect(problems.join('\n')).not.toContain(SECRET);
      }),
      runs(150),
    );
  });

  test('that unfolds to billions of values is read in no time', () => {
    const laughs = Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [${`*a${n - 1},`.repeat(10)}]`).slice(1);
    const bomb = `a0: &a0 [x]\n${laughs.join('\n')}\nsources: *a29\n`;
    const startedAt = performance.now();
    expect(read(bomb).length).toBeGreaterThan(0);
    expect(read(bomb.replaceAll(/\[|\]/g, (sign) => (sign === '[' ? '{ b: ' : '}'))).length).toBeGreaterThan(0);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test.each([
    ['brackets', '['.repeat(50_000)],
    ['mappings in one line', `${'{a: '.repeat(20_000)}${'}'.repeat(20_000)}`],
    ['lists in lists', `sources:\n  ${'- '.repeat(20_000)}x`],
    ['a long line', `sources: ${'x'.repeat(2_000_000)}`],
    ['many lines', 'unknown: 1\n'.repeat(3000)],
    ['aliases without anchors', 'sources: *nobody'],
    ['an anchor inside itself', 'sources: &a [*a, *a]'],
    ['a merge of itself', 'sources: &a { <<: *a }'],
    ['NUL bytes', 'sources:\u0000 x'],
    ['half of a character', 'sources: \ud800'],
  ])('full of %s is refused with a reason', (_, yaml) => {
    expect(read(yaml).length).toBeGreaterThan(0);
  });
});
