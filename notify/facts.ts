import type { Light } from './message.ts';

/** How an entity stands, with the reasons in words of the settings' language. */
export interface EntityFacts {
  entity: string;
  light: Light;
  reasons: string[];
}

/** What an alert tells: the accounts that have changed in one look. Times are ISO texts, because facts are kept in the database. */
export interface AlertFacts {
  at: string;
  accounts: AlertAccount[];
}

export interface AlertAccount {
  source: string;
  account: string;
  light: Light;
  /** When it turned red. */
  redSince: string;
  /** Those that are not green. */
  entities: EntityFacts[];
}

export interface DigestFacts {
  at: string;
  /** Runs and healed issues are counted from here on. */
  since: string;
  accounts: AccountFacts[];
}

export interface AccountFacts {
  source: string;
  account: string;
  light: Light;
  /** Those that are not green. */
  entities: EntityFacts[];
  rows: number;
  runs: { succeeded: number; partial: number; failed: number };
  openIssues: number;
  healed: number;
}
