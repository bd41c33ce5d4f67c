/** `viewer` may look at everything and change nothing. */
export type Role = 'admin' | 'viewer';

/** Who asks. */
export interface Visitor {
  role: Role;
  /** For the audit log. */
  actor: string;
  /** `open`: no password is set, this machine only. `header`: a program. `session`: somebody who has signed in. */
  via: 'open' | 'header' | 'session';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on routes for everyone. */
    visitor: Visitor | null;
  }
  interface FastifyContextConfig {
    /** For everyone: no password, any name, from any page. */
    open?: boolean;
    /** Needs no sign-in, but comes from our own pages: the sign-in itself. */
    public?: boolean;
    /** Changes nothing but the visitor's own session, so a viewer may. */
    forViewers?: boolean;
  }
}
