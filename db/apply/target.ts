import type { Account, EntityDefinition } from '../../sources/define-source.ts';

/** What apply has to know of a source: its entities and its accounts' zones and currencies. */
export interface ApplyTarget {
  source: string;
  entity(name: string): EntityDefinition;
  /** Undefined when it is not in the settings any more. */
  account(name: string): Account | undefined;
  /** Whether any entity of the source refers to this one, so that records may be waiting for it. */
  isParent(entity: string): boolean;
}
