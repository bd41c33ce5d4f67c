import type { JobContext } from '../jobs/define-job.ts';

/** What operations work with. They read no environment and open no connection of their own. */
export type OperationsContext = JobContext;

/** Who does something, and why; for the audit log. */
export interface By {
  actor: string;
  reason?: string | null | undefined;
}
