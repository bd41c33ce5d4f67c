import type { Language } from './dictionary.ts';
import { type Html, html } from './html.ts';

/** A whole HTML document. `head`: what comes after the title; `body`: the element, with its tags. */
export function htmlDocument(
  language: Language,
  { title, head, body }: { title: string; head: Html; body: Html },
): Html {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head}
</head>
${body}
</html>
`;
}
