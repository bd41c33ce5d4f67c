import { judgeAccount } from '../health/judge-account.ts';
import { reasonText } from '../health/judge-target.ts';
import type { TargetHealth } from '../health/read-health.ts';
import type { EntityFacts } from '../notify/facts.ts';
import type { Language } from '../words/dictionary.ts';

/** The entities of one account, and how it stands. */
export interface AccountHealth {
  source: string;
  account: string;
  light: ReturnType<typeof judgeAccount>;
  entities: TargetHealth[];
}

/** In the order of the settings. */
export function byAccount(entities: readonly TargetHealth[]): AccountHealth[] {
  return [...Map.groupBy(entities, ({ source, account }) => `${source} ${account}`).values()].map((of) => {
    const { source, account } = of[0]!;
    return { source, account, light: judgeAccount(of), entities: of };
  });
}

/** The entities that are not green, with the reasons that make them so. */
export function troubledEntities(entities: readonly TargetHealth[], at: Date, language: Language): EntityFacts[] {
  return entities
    .filter(({ verdict }) => verdict.light === 'red' || verdict.light === 'amber')
    .map((target) => {
      const reasons = target.verdict.reasons.filter(({ light }) => light === 'red' || light === 'amber');
      return {
        entity: target.entity,
        light: target.verdict.light,
        reasons: reasons.map((reason) => reasonText(reason, target, at, language)),
      };
    });
}
