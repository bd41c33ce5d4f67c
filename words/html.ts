/** Text that is markup already. */
export interface Html {
  html: string;
}

export type HtmlValue = Html | string | number | null | undefined | false | HtmlValue[];

/** html`<p>${text}</p>`: everything put in is escaped, unless it is itself of `html`. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return { html: strings.reduce((out, part, index) => out + asHtml(values[index - 1]) + part) };
}

function asHtml(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(asHtml).join('');
  return typeof value === 'object' ? value.html : escapeText(String(value));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
