import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { PageView } from '../../console/page/add-page.ts';
import { type Visit, visitOf } from '../../console/page/visit.ts';
import { HotelRule } from '../hotel-rule.ts';
import type { RuleMessage } from '../rule-messages.ts';
import { shapeProblems } from '../shape-messages.ts';
import { sendDesk } from './add-desk-page.ts';
import type { Form, FormProblem, Typed } from './form.ts';

export interface FormDefinition<P, Q, D> {
  path: string;
  params?: z.ZodType<P>;
  /** Of the first showing, e.g. what is filled in already. */
  query?: z.ZodType<Q>;
  /** What the form is about. */
  read(params: P): Promise<D>;
  /** The fields at first: also what `saved` says after somebody else's change. */
  begin(data: D, query: Q): Promise<Typed> | Typed;
  /** Does it and answers where to go on; undefined shows the form again (a search, a price). Throws `HotelRule`s and zod errors. */
  submit(typed: Typed, params: P, visit: Visit): Promise<string | undefined>;
  /** Everything else that is wrong, to be told together with the first fault. */
  checkAll?(typed: Typed): Promise<readonly RuleMessage[]>;
  /** The fields from top to bottom: problems are told in this order, and the first one's field gets the focus. */
  order: readonly string[];
  /** The form's field of a place in what was written, when it is called otherwise. */
  fieldOf?(place: string, typed: Typed): string;
  view(data: D, form: Form, visit: Visit): Promise<PageView> | PageView;
}

const body = z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullish();

/** A form and what it does. With a fault it is shown again as it was typed, and nothing was changed. */
export function addForm<P, Q, D>(app: FastifyInstance, form: FormDefinition<P, Q, D>): void {
  const { path, params, query, read, begin, submit, view } = form;
  const schema = { hide: true, ...(params && { params }) };

  app.get(path, { schema: { ...schema, ...(query && { querystring: query }) } }, async (request, reply) => {
    const visit = visitOf(request, reply);
    const data = await read(request.params as P);
    const typed = await begin(data, request.query as Q);
    return sendDesk(reply, visit, await view(data, { typed, problems: [] }, visit));
  });

  app.post(path, { schema: { ...schema, body } }, async (request, reply) => {
    const visit = visitOf(request, reply);
    const typed = typedBody(request.body as z.output<typeof body>);
    try {
      const next = await submit(typed, request.params as P, visit);
      if (next !== undefined) return reply.redirect(next, 303);
      const data = await read(request.params as P);
      return sendDesk(reply, visit, await view(data, { typed, problems: [] }, visit));
    } catch (error) {
      const told = problemsOf(error, typed);
      if (!told) throw error;
      const rest = await (form.checkAll?.(typed) ?? []);
      const problems = unique(
        [...told.problems, ...rest.map(asProblem)],
        (place) => form.fieldOf?.(place, typed) ?? place,
      ).sort((a, b) => placeOf(a, form.order) - placeOf(b, form.order));
      const data = await read(request.params as P);
      const saved = told.changed ? await begin(data, {} as Q) : undefined;
      // The next attempt is meant for what is shown now.
      const shown = saved ? { ...typed, version: saved.version ?? [] } : typed;
      return sendDesk(reply.status(422), visit, await view(data, { typed: shown, problems, saved }, visit));
    }
  });
}

function typedBody(sent: z.output<typeof body>): Typed {
  return Object.fromEntries(Object.entries(sent ?? {}).map(([name, value]) => [name, [value].flat()]));
}

function problemsOf(error: unknown, typed: Typed): { problems: FormProblem[]; changed?: boolean } | undefined {
  if (error instanceof HotelRule) {
    if (error.code === 'NOT_FOUND' && error.field === 'id') return undefined;
    const { field, messages, conflict } = error;
    return { problems: [{ field, messages, conflict }], changed: error.code === 'CHANGED_MEANWHILE' };
  }
  // What was parsed is gone; every empty field counts as missing.
  if (error instanceof z.ZodError) return { problems: shapeProblems(error.issues, present(typed)).map(asProblem) };
  return undefined;
}

function present(typed: Typed): Record<string, unknown> {
  return Object.fromEntries(Object.entries(typed).filter(([, values]) => values.some((value) => value.trim() !== '')));
}

function asProblem({ field, en, ru }: RuleMessage): FormProblem {
  return { field, messages: { en, ru } };
}

/** What is about no field of the form comes first. */
function placeOf({ field }: FormProblem, order: readonly string[]): number {
  return field === null ? -1 : order.indexOf(field);
}

function unique(problems: readonly FormProblem[], fieldOf: (place: string) => string): FormProblem[] {
  const named = problems.map((problem) => ({
    ...problem,
    field: problem.field === null ? null : fieldOf(problem.field),
  }));
  return named.filter(({ field }, at) => named.findIndex((other) => other.field === field) === at);
}
