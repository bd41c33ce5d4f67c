/** One queue as BullMQ counts it. */
export interface QueueCounts {
  name: string;
  /** Jobs by state. */
  jobs: Readonly<Record<string, number>>;
  /** Of all that have ever finished; undefined where the backend does not count them. */
  finished: { completed: number; failed: number } | undefined;
}

/**
 * The metrics of all queues under the names that BullMQ gives them, so that what is made for BullMQ shows them. Its own
 * `exportPrometheusMetrics` asks three times for each queue and says each name's head again.
 */
export function queueText(queues: readonly QueueCounts[]): string {
  const counts = queues.flatMap(({ name, jobs }) =>
    Object.entries(jobs).map(
      ([state, number]) => `bullmq_job_count{queue="${escaped(name)}", state="${state}"} ${number}`,
    ),
  );
  const totals = (['completed', 'failed'] as const).map((end) => ({
    head: [`# HELP bullmq_job_${end}_total Total number of ${end} jobs`, `# TYPE bullmq_job_${end}_total counter`],
    lines: queues.flatMap(({ name, finished }) =>
      finished ? [`bullmq_job_${end}_total{queue="${escaped(name)}"} ${finished[end]}`] : [],
    ),
  }));
  return [
    '# HELP bullmq_job_count Number of jobs in the queue by state',
    '# TYPE bullmq_job_count gauge',
    ...counts,
    ...totals.flatMap(({ head, lines }) => (lines.length > 0 ? ['', ...head, ...lines] : [])),
    '',
  ].join('\n');
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
