import type { Account } from '../../sources/define-source.ts';
import { source as hotel } from '../../sources/hotel/index.ts';
import { inHouseAccounts } from './simulated-accounts.ts';

/** The house hotel's account, as the settings would give it. */
export const houseAccount: Account = inHouseAccounts(hotel)[0]!;
