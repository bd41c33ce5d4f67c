/** What is logged of an error, and nothing else: other people's errors carry headers, bodies and rows. */
export interface ErrorDescription {
  name: string;
  code?: string | number;
  message: string;
  stack?: string;
  /** Ids of our own errors (`fields`), or the database object a PostgreSQL error names. */
  fields?: Record<string, string | number | boolean>;
  cause?: ErrorDescription;
  /** The first few of an `AggregateError`. */
  errors?: ErrorDescription[];
}

const MAX_DEPTH = 5;
const MAX_ERRORS = 5;
/** Left out on purpose: `detail`, `where`, `internalQuery`, `hint` hold values of rows. */
const DATABASE_FIELDS = ['schema', 'table', 'column', 'constraint'];

export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: textOf(error) };
  const { code, fields, errors } = error as Error & { code?: unknown; fields?: unknown; errors?: unknown };
  const described: ErrorDescription = { name: error.name, message: error.message };
  if (typeof code === 'string' || typeof code === 'number') described.code = code;
  if (typeof error.stack === 'string') described.stack = error.stack;
  const plain = { ...scalars(error, DATABASE_FIELDS), ...(isObject(fields) && scalars(fields, Object.keys(fields))) };
  if (Object.keys(plain).length > 0) described.fields = plain;
  if (depth >= MAX_DEPTH) return described;
  if (error.cause !== undefined && error.cause !== null) described.cause = describeError(error.cause, depth + 1);
  if (Array.isArray(errors)) {
    described.errors = errors.slice(0, MAX_ERRORS).map((each) => describeError(each, depth + 1));
  }
  return described;
}

/** Something thrown that is no error: an object is not looked into. */
function textOf(thrown: unknown): string {
  return isObject(thrown) || typeof thrown === 'function' ? 'thrown value is no Error' : String(thrown);
}

function scalars(from: object, names: readonly string[]): Record<string, string | number | boolean> {
  const found: Record<string, string | number | boolean> = {};
  for (const name of names) {
    const value = (from as Record<string, unknown>)[name];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') found[name] = value;
  }
  return found;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
