import type { Department, Store } from './types.ts';

interface Item {
  id: string;
  parentId?: string;
  code: string;
  name: string;
  type: string;
}

/** `/corporation/departments`: the departments under their corporation and legal person. */
export function departmentsXml(departments: readonly Department[], hostile: boolean): string {
  const root = '00000000-0000-4000-8000-00000000c000';
  const person = '00000000-0000-4000-8000-00000000c001';
  return corporateItems(
    [
      { id: root, code: '', name: 'Тест-сеть', type: 'CORPORATION' },
      { id: person, parentId: root, code: '', name: 'ТОО «Пример»', type: 'JURPERSON' },
      ...departments.map(({ id, name, code }) => ({ id, parentId: person, code, name, type: 'DEPARTMENT' })),
    ],
    hostile,
  );
}

export function storesXml(stores: readonly Store[], hostile: boolean): string {
  return corporateItems(
    stores.map(({ id, name, code, departmentId }) => ({ id, parentId: departmentId, code, name, type: 'STORE' })),
    hostile,
  );
}

function corporateItems(items: readonly Item[], hostile: boolean): string {
  const rows = items.map(
    ({ id, parentId, code, name, type }, at) =>
      `<corporateItemDto><id>${id}</id>${parentId ? `<parentId>${parentId}</parentId>` : ''}` +
      `${code ? `<code>${code}</code>` : '<code/>'}<name>${hostile && at === 0 ? '&stolen;' : escapeXml(name)}</name>` +
      `<type>${type}</type><taxpayerIdNumber/></corporateItemDto>`,
  );
  const prologue = hostile ? '<!DOCTYPE corporateItemDtoes [<!ENTITY stolen SYSTEM "file:///etc/hostname">]>' : '';
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${prologue}<corporateItemDtoes>${rows.join('')}</corporateItemDtoes>`;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
