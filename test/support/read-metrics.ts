/** One line of `/metrics`. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads the text format of Prometheus; throws for a line that is none, or a metric whose lines do not stand together. */
export function readMetrics(text: string): Sample[] {
  const samples: Sample[] = [];
  const done = new Set<string>();
  let family = '';
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const head = /^# (?:HELP|TYPE) (\w+) /.exec(line);
    if (head?.[1] !== undefined) {
      if (head[1] === family) continue;
      if (done.has(head[1])) throw new Error(`${head[1]} stands in two places`);
      family = head[1];
      done.add(family);
      continue;
    }
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!match?.[1]?.startsWith(family)) throw new Error(`this is no line of ${family}: ${line}`);
    const labels = [...(match[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, value]);
    samples.push({ name: match[1], labels: Object.fromEntries(labels), value: Number(match[3]) });
  }
  return samples;
}

/** The value of the one sample with this name and (at least) these labels; undefined when there is none. */
export function sampleOf(samples: readonly Sample[], name: string, labels: Record<string, string> = {}) {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  if (found.length > 1) throw new Error(`${name} ${JSON.stringify(labels)}: ${found.length} samples`);
  return found[0]?.value;
}
