import { idOf } from './ids.ts';
import type { Settings } from './settings.ts';
import type { Department, Store } from './types.ts';

export interface Corporation {
  departments: Department[];
  stores: Store[];
}

/** Departments with two stores each: a kitchen and a bar. */
export function createCorporation(settings: Settings): Corporation {
  const departments = settings.departments.map(({ name, timezone }, index): Department => {
    const id = idOf(settings.seed, 'department', index);
    const olapId = settings.otherOlapIds ? idOf(settings.seed, 'nobody', 1000 + index) : id;
    return { id, name, code: index === 1 ? '' : String(index + 1).padStart(2, '0'), olapId, timezone };
  });
  const stores = departments.flatMap((department, index) =>
    ['Кухня', 'Бар'].map(
      (name, at): Store => ({
        id: idOf(settings.seed, 'store', index * 2 + at),
        name: `${name} <${index + 1}> `,
        code: at === 0 ? `0${index + 1}` : '',
        departmentId: department.id,
      }),
    ),
  );
  return { departments, stores };
}
