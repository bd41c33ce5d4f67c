// What we ship besides our own code: every production package has a licence out of ALLOWED, and none has a published
// advisory of level high or worse. When the registry does not answer, the advisories are not checked, and it says so.
//   node .ci/check-dependencies.mjs [--list]
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** They ask for nothing but their own text and names. MPL-2.0 is not here: changed files would have to be published. */
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Python-2.0',
  'Unlicense',
  'PostgreSQL',
]);
const AUDIT_TIMEOUT_MS = 60_000;

/**
 * An SPDX expression of names, AND and OR; anything else is not allowed.
 * @param {string} licence
 * @returns {boolean}
 */
export function isAllowed(licence) {
  const plain = licence.trim().replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(plain)) return false;
  return plain
    .split(/\s+OR\s+/i)
    .some((choice) => choice.split(/\s+AND\s+/i).every((name) => ALLOWED.has(name.trim())));
}

/**
 * What `npm ci --omit=dev` installs on some machine. The lock file knows it; the packages' own files say the licence, or
 * the lock file again for what is not made for this machine.
 * @param {string} folder
 * @returns {{ name: string, version: string, licence: string }[]}
 */
export function productionPackages(folder) {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, entry]) => {
      const file = join(folder, path, 'package.json');
      const own = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : entry;
      const said = own.license ?? own.licenses ?? entry.license;
      const names = [said ?? 'none'].flat().map((one) => (typeof one === 'string' ? one : (one.type ?? 'none')));
      return { name: path.replace(/^.*node_modules\//, ''), version: entry.version, licence: names.join(' OR ') };
    });
}

/**
 * What `npm audit --json` came to.
 * @param {string} output
 * @returns {{ checked: false, why: string } | { checked: true, bad: string[], milder: number }}
 */
export function auditVerdict(output) {
  let report;
  try {
    report = JSON.parse(output);
  } catch {
    return { checked: false, why: 'npm audit said nothing that can be read' };
  }
  if (!report.metadata?.vulnerabilities) return { checked: false, why: report.message ?? 'no answer' };
  const found = Object.values(report.vulnerabilities ?? {});
  const isBad = (/** @type {{ severity: string }} */ { severity }) => severity === 'high' || severity === 'critical';
  return {
    checked: true,
    bad: found.filter(isBad).map(({ name, severity, via }) => `${name} (${severity}) ${via[0]?.url ?? `by ${via[0]}`}`),
    milder: found.filter((one) => !isBad(one)).length,
  };
}

/** @returns {Promise<string>} */
function npmAudit() {
  return new Promise((resolve) => {
    // It exits with 1 when it has found something, too.
    execFile('npm', ['audit', '--omit=dev', '--json'], { timeout: AUDIT_TIMEOUT_MS, maxBuffer: 2 ** 26 }, (_, out) =>
      resolve(out),
    );
  });
}

/** @param {string} text */
const say = (text) => process.stdout.write(`${text}\n`);

async function main() {
  const packages = productionPackages(process.cwd());
  const byLicence = Map.groupBy(packages, ({ licence }) => licence);
  for (const [licence, of] of [...byLicence].sort(([, a], [, b]) => b.length - a.length)) {
    say(`${String(of.length).padStart(4)}  ${licence}${isAllowed(licence) ? '' : '   NOT ALLOWED'}`);
    if (process.argv.includes('--list') || !isAllowed(licence))
      for (const { name, version } of of) say(`        ${name} ${version}`);
  }
  const refused = packages.filter(({ licence }) => !isAllowed(licence));
  if (refused.length > 0) say('Replace these packages, or decide about the licence in .ci/check-dependencies.mjs.');

  const audit = auditVerdict(await npmAudit());
  if (!audit.checked) say(`advisories: NOT CHECKED (${audit.why})`);
  else say(`advisories: ${audit.bad.length} high or critical, ${audit.milder} milder`);
  const bad = audit.checked ? audit.bad : [];
  for (const one of bad) say(`        ${one}`);
  process.exitCode = refused.length > 0 || bad.length > 0 || packages.length === 0 ? 1 : 0;
}

if (import.meta.main) await main();
