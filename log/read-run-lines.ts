import type { FileHandle } from 'node:fs/promises';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A line of a log file, as it was written: JSON without secrets and personal data. */
export interface LogLine {
  time: string;
  level: string;
  msg?: string;
  [field: string]: unknown;
}

export interface RunLines {
  /** Oldest first: the newest of the run's. */
  lines: LogLine[];
  /** Not everything was looked through, or there are more lines. */
  cut: boolean;
}

const MOST_BYTES_A_FILE = 8 * 1024 * 1024;
const MOST_BYTES = 24 * 1024 * 1024;
const CHUNK = 256 * 1024;
/** A line may reach its file a little later than it was made, and clocks of machines differ. */
const SLACK_MS = 60_000;

/**
 * The newest lines about a run in the log files of a folder, those of other processes too. Reads files from their ends, and not
 * more than some megabytes. Undefined when there is no such folder.
 */
export async function readRunLines(
  dir: string,
  runId: string,
  { from, to, most }: { from: Date; to: Date | null; most: number },
): Promise<RunLines | undefined> {
  const files = await filesSince(dir, from);
  if (!files) return undefined;
  const lines: LogLine[] = [];
  let cut = false;
  let left = MOST_BYTES;
  for (const file of files) {
    const budget = Math.min(left, MOST_BYTES_A_FILE);
    const read = await readFromEnd(file, runId, { from, to, budget });
    left -= read.bytes;
    lines.push(...read.lines);
    cut ||= read.cut;
  }
  lines.sort((a, b) => (a.time < b.time ? -1 : 1));
  return { lines: lines.slice(-most), cut: cut || lines.length > most };
}

/** Log files that were written to since then, newest first. */
async function filesSince(dir: string, from: Date): Promise<string[] | undefined> {
  const names = await readdir(dir).catch(() => undefined);
  if (!names) return undefined;
  const files = await Promise.all(
    names
      .filter((name) => /^sync_.*\.log$/.test(name))
      .map(async (name) => {
        const path = join(dir, name);
        return { path, at: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
      }),
  );
  return files
    .filter(({ at }) => at >= from.getTime() - SLACK_MS)
    .sort((a, b) => b.at - a.at)
    .map(({ path }) => path);
}

async function readFromEnd(
  path: string,
  runId: string,
  { from, to, budget }: { from: Date; to: Date | null; budget: number },
): Promise<{ lines: LogLine[]; bytes: number; cut: boolean }> {
  const earliest = new Date(from.getTime() - SLACK_MS).toISOString();
  const latest = to ? new Date(to.getTime() + SLACK_MS).toISOString() : '9';
  const lines: LogLine[] = [];
  let bytes = 0;
  const file = await open(path).catch(() => undefined);
  if (!file) return { lines, bytes, cut: false };
  try {
    let end = (await file.stat()).size;
    let rest = Buffer.alloc(0);
    while (end > 0) {
      if (bytes >= budget) return { lines, bytes, cut: true };
      const start = Math.max(0, end - CHUNK);
      const chunk = Buffer.concat([await readRange(file, start, end), rest]);
      bytes += end - start;
      end = start;
      // What stands before the first line end may be the second half of a line.
      const first = start === 0 ? 0 : chunk.indexOf(10) + 1;
      rest = chunk.subarray(0, first);
      const whole = chunk.subarray(first).toString('utf8').split('\n');
      for (const text of whole) {
        const line = text.includes(runId) ? parseLine(text) : undefined;
        if (line && line.time >= earliest && line.time <= latest) lines.push(line);
      }
      const oldest = parseLine(whole[0] ?? '');
      if (oldest && oldest.time < earliest) break;
    }
    return { lines, bytes, cut: false };
  } finally {
    await file.close();
  }
}

async function readRange(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}

function parseLine(text: string): LogLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    const isLine = typeof line === 'object' && line !== null && 'time' in line && 'level' in line;
    return isLine ? (line as LogLine) : undefined;
  } catch {
    return undefined;
  }
}
