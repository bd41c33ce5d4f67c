import { context, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Telemetry } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';
import type { Logger } from '../../log/create-logger.ts';
import type { Environment } from '../../settings/environment.ts';
import type { TraceRequest } from '../../workers/watch-requests.ts';
import { leaveOutUpkeep } from './leave-out-upkeep.ts';
import { traceParent } from './trace-parent.ts';
import { traceRequests } from './trace-requests.ts';

export interface Traces {
  /** For queues and workers. */
  telemetry: Telemetry;
  /** For requests to vendors. */
  request: TraceRequest;
  /** Sends what is left, and waits a few seconds for that at most. */
  stop(): Promise<void>;
}

const SECOND = 1000;
const TIMEOUT_MS = 5 * SECOND;
const NAME = 'pmsync';

/**
 * Sends traces by OTLP over HTTP. Imported only where they are wanted: nobody else pays for it. A collector that is away
 * costs spans and a line in the log, nothing more.
 */
export function startTraces(
  { endpoint, headers, serviceName, ratio }: NonNullable<Environment['traces']>,
  { role, log }: { role: string; log: Pick<Logger, 'warn' | 'debug'> },
): Traces {
  const quiet = (message: string) => log.debug(message);
  const warn = (message: string) => log.warn(`traces: ${message}`);
  diag.setLogger({ error: warn, warn, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN);
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers,
    timeoutMillis: TIMEOUT_MS,
  });
  const processor = new BatchSpanProcessor({ exporter, maxQueueSize: 8192, exportTimeoutMillis: TIMEOUT_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'pmsync.role': role }),
    sampler: leaveOutUpkeep(new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) })),
    spanProcessors: [processor],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(traceParent);
  trace.setGlobalTracerProvider(provider);

  return {
    telemetry: new BullMQOtel({ tracerName: NAME }),
    request: traceRequests(trace.getTracer(NAME)),
    async stop() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const fail = () => reject(new Error(`the collector did not take them within ${TIMEOUT_MS} ms`));
        timer = setTimeout(fail, TIMEOUT_MS);
      });
      await Promise.race([provider.shutdown(), late]).catch((error: unknown) =>
        log.warn({ err: error }, 'the last traces are lost'),
      );
      clearTimeout(timer);
      trace.disable();
      context.disable();
      propagation.disable();
      diag.disable();
    },
  };
}
