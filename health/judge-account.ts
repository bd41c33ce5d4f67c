import type { Light } from './judge-target.ts';

/** Grey only when nobody expects anything of any entity. */
const ORDER: readonly Light[] = ['red', 'amber', 'green', 'grey'];

/** The light of an account: the worst of its entities'. */
export function judgeAccount(entities: readonly { verdict: { light: Light } }[]): Light {
  return ORDER.find((light) => entities.some(({ verdict }) => verdict.light === light)) ?? 'grey';
}
