import type { Environment } from './environment.ts';

type Wrong = (place: string, problem: string, fix: string) => undefined;
type ReadUrl = (name: string, schemes: string[], example: string) => string | undefined;

/** The variables of OpenTelemetry that are read here; undefined where traces are not wanted. */
export function readTraces(env: NodeJS.ProcessEnv, url: ReadUrl, wrong: Wrong): Environment['traces'] {
  const endpoint = url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:'], 'http://localhost:4318');
  if (endpoint === undefined) return undefined;
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG?.trim() || '1');
  if (!(ratio >= 0 && ratio <= 1)) {
    wrong('OTEL_TRACES_SAMPLER_ARG', 'is no share of traces', 'Write a number from 0 to 1, e.g. 0.05');
  }
  return {
    endpoint,
    headers: readHeaders(env.OTEL_EXPORTER_OTLP_HEADERS ?? '', wrong),
    serviceName: env.OTEL_SERVICE_NAME?.trim() || 'pmsync',
    ratio,
  };
}

/** `name=value,name=value`, values as in a URL. */
function readHeaders(text: string, wrong: Wrong): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') continue;
    const [, name = '', value = ''] = /^([\w-]+)\s*=\s*(.*)$/.exec(part) ?? [];
    if (name === '') {
      wrong('OTEL_EXPORTER_OTLP_HEADERS', 'cannot be read', 'Write e.g. authorization=Bearer%20…,x-scope=pmsync');
      return {};
    }
    headers[name] = decode(value);
  }
  return headers;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
