// Sums vitest's own JSON results (the arguments) into one last line, "N passed, N failed". A skipped test counts as failed:
// here everything it could need is installed. So does a file that fails outside its tests, and a run without a result.
import { readFileSync } from 'node:fs';

/** @param {string} file */
function count(file) {
  const name = file.replace(/^.*\/|\.json$/g, '');
  let result;
  try {
    result = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    process.stdout.write(`${name}: the test run left no result (${error})\n`);
    return { passed: 0, failed: 1 };
  }
  sayWhatFailed(name, result.testResults);
  const skipped = result.numPendingTests + result.numTodoTests;
  const brokenFiles = result.testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ { status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const counted = result.numFailedTests + skipped + brokenFiles;
  // An error outside every file, or nothing that ran at all, is told by the success flag alone.
  const failed = counted === 0 && !(result.success && result.numPassedTests > 0) ? 1 : counted;
  process.stdout.write(
    `${name}: ${result.numPassedTests} passed, ${result.numFailedTests} failed, ${skipped} skipped, ${brokenFiles} broken files\n`,
  );
  return { passed: result.numPassedTests, failed };
}

/**
 * Again, near the end, where a log that was cut still has it.
 * @param {string} run
 * @param {{ name: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[]} files
 */
function sayWhatFailed(run, files) {
  for (const { name, assertionResults } of files) {
    for (const { fullName, failureMessages = [] } of assertionResults.filter(({ status }) => status === 'failed')) {
      process.stdout.write(`${run}: FAILED ${name.replace(/^.*\/test\//, 'test/')}: ${fullName}\n`);
      process.stdout.write(`${failureMessages.join('\n').slice(0, 2000)}\n`);
    }
  }
}

const counts = process.argv.slice(2).map(count);
const passed = counts.reduce((sum, run) => sum + run.passed, 0);
const failed = counts.reduce((sum, run) => sum + run.failed, 0);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
