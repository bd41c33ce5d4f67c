/** Metrics of several texts as one: whoever reads them wants the lines of a metric together, under one head. */
export function mergeMetrics(texts: readonly string[]): string {
  const metrics = new Map<string, { head: Set<string>; lines: string[] }>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const name = /^(?:# (?:HELP|TYPE) )?([\w:]+)/.exec(line)?.[1];
    if (name === undefined) continue;
    const metric = metrics.get(name) ?? { head: new Set<string>(), lines: [] };
    metrics.set(name, metric);
    if (line.startsWith('#')) metric.head.add(line);
    else metric.lines.push(line);
  }
  return [...metrics.values()].flatMap(({ head, lines }) => [...head, ...lines, '']).join('\n');
}
