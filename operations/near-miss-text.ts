import type { NearMiss } from '../db/near-misses.ts';
import { dictionary, type Language } from '../words/dictionary.ts';

const words = dictionary({
  en: {
    entity: (id: string, entity: string) => `${id} is known as ${entity}; ids of different entities overlap`,
    source: (source: string) => `known at ${source}: add --source ${source}`,
    account: (account: string) => `known at the account ${account}`,
    number: (number: string, id: string, account: string) =>
      `${number} is the number of booking ${id} (${account}); the number is not the id`,
  },
  ru: {
    entity: (id: string, entity: string) => `${id} есть среди ${entity}; id разных сущностей совпадают`,
    source: (source: string) => `есть в ${source}: добавьте --source ${source}`,
    account: (account: string) => `есть в аккаунте ${account}`,
    number: (number: string, id: string, account: string) =>
      `${number} — это номер брони ${id} (${account}); номер и id не одно и то же`,
  },
});

export function nearMissText(miss: NearMiss, language: Language): string {
  const say = words(language);
  switch (miss.kind) {
    case 'other entity':
      return say.entity(miss.external_id, miss.entity);
    case 'other source':
      return say.source(miss.source);
    case 'other account':
      return say.account(miss.account);
    case 'booking number':
      return say.number(miss.number, miss.external_id, miss.account);
  }
}
