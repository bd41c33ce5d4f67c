import type { Visit } from '../../console/page/visit.ts';
import { type Html, html } from '../../words/html.ts';
import type { ListPage } from '../paging.ts';
import { deskWords } from './words.ts';

/** A table that is wider than a phone scrolls by itself. */
export function scrollTable(id: string, caption: string, head: readonly Html[], rows: readonly Html[]): Html {
  return html`<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0" id="${id}" data-live>
<table><caption id="${id}-caption">${caption}</caption>
<thead><tr>${[...head]}</tr></thead>
<tbody>${[...rows]}</tbody></table></div>`;
}

export const th = (word: string, kind = ''): Html =>
  html`<th scope="col"${kind && html` class="${kind}"`}>${word}</th>`;

/** Links to the page after this one and back to the first, with the same filters. */
export function pager(
  path: string,
  { next }: Pick<ListPage<unknown>, 'next'>,
  query: Record<string, string | number | undefined>,
  { language }: Visit,
): Html {
  const words = deskWords(language);
  const { after, ...filters } = query;
  const linked = (more: Record<string, string>) => {
    const given = Object.entries({ ...filters, ...more }).filter(([, value]) => value !== undefined);
    return `${path}?${new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])))}`;
  };
  if (!next && after === undefined) return html``;
  return html`<p class="actions">${after !== undefined && html`<a href="${linked({})}">${words.first}</a>`}${next && html`<a href="${linked({ after: next })}" rel="next">${words.next}</a>`}</p>`;
}
