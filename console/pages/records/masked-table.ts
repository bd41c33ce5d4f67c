import type { MaskedField } from '../../../db/mask-payload.ts';
import { type Html, html } from '../../../words/html.ts';
import type { RecordWords } from './words.ts';

/** Fields with what may be shown of them, closed until somebody wants to see them. */
export function maskedTable(
  { id, title, fields }: { id: string; title: string; fields: readonly MaskedField[] },
  say: RecordWords,
): Html {
  return html`
<details id="${id}">
<summary>${title}</summary>
<p class="quiet-text">${say.masked}</p>
<div class="scroll" role="region" aria-label="${title}" tabindex="0">
<table>
<thead><tr><th scope="col">${say.field}</th><th scope="col">${say.type}</th><th scope="col">${say.value}</th></tr></thead>
<tbody>${fields.map(
    (field) => html`
<tr><th scope="row">${field.field}</th><td>${typeText(field.type, say)}</td><td>${valueText(field, say)}</td></tr>`,
  )}
</tbody>
</table>
</div>
</details>`;
}

export const isShown = ({ value }: MaskedField) => value !== undefined;

function valueText({ value, type }: MaskedField, say: RecordWords): Html | string | number {
  if (typeof value === 'boolean') return value ? say.yes : say.no;
  if (value !== undefined) return value;
  return html`<span class="quiet-text">${type === 'null' ? say.empty : say.hidden}</span>`;
}

/** The types of `db/mask-payload.ts` in the reader's language. */
function typeText(type: string, say: RecordWords): string {
  const [, kind = type, n = ''] = /^(text|list|object), (\d+) /.exec(type) ?? [];
  switch (kind) {
    case 'text':
      return say.typeText(n);
    case 'list':
      return say.typeList(n);
    case 'object':
      return say.typeObject(n);
    case 'yes/no':
      return say.typeBoolean;
    case 'number':
      return say.typeNumber;
    default:
      return type === 'null' ? say.empty : type;
  }
}
