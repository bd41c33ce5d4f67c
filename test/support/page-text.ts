const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

/** What of a page is read: its text without markup, spaces as one. */
export function pageText(html: string): string {
  return html
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\s+/g, ' ')
    .trim();
}

/** The element with this id, as markup. Throws when there is none. */
export function elementOf(html: string, id: string): string {
  const begin = new RegExp(`<(\\w+)[^>]*\\sid="${id}"[^>]*>`).exec(html);
  if (!begin) throw new Error(`The page has no element ${id}.`);
  const tags = new RegExp(`<(/?)${begin[1]}\\b`, 'g');
  tags.lastIndex = begin.index;
  for (let depth = 0; ; ) {
    const tag = tags.exec(html);
    if (!tag) throw new Error(`The element ${id} does not end.`);
    depth += tag[1] ? -1 : 1;
    if (depth === 0) return html.slice(begin.index, tag.index);
  }
}
