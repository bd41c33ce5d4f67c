import { dictionary } from '../../words/dictionary.ts';
import { type Html, html } from '../../words/html.ts';
import { htmlDocument } from '../../words/html-document.ts';
import type { PageView } from './add-page.ts';
import type { MenuItem } from './section.ts';
import type { Visit } from './visit.ts';

const words = dictionary({
  en: {
    skip: 'To the content',
    pages: 'Pages',
    find: 'Find a record',
    findHint: 'external id or booking number',
    language: 'Русский',
    signOut: 'Sign out',
    viewer: 'may look, not change',
    away: 'No connection to pmsync: what stands here is not the newest.',
  },
  ru: {
    skip: 'К содержанию',
    pages: 'Страницы',
    find: 'Найти запись',
    findHint: 'внешний id или номер брони',
    language: 'English',
    signOut: 'Выйти',
    viewer: 'только просмотр',
    away: 'Нет связи с pmsync: здесь показано не самое новое.',
  },
});

/** A whole page around its content. */
export function layout(visit: Visit, { title, body, stylesheets = [] }: PageView): Html {
  const { language } = visit;
  const say = words(language);
  return htmlDocument(language, {
    title: titleOf(title),
    head: html`${headOf(UPLOT)}
<link rel="stylesheet" href="/assets/print.css" media="print">
${stylesheets.map((address) => html`<link rel="stylesheet" href="${address}">`)}
<script type="module" src="/assets/app.js"></script>`,
    body: html`<body>
<a class="skip" href="#content">${say.skip}</a>
<header class="bar">
<a class="brand" href="/">pmsync</a>
<nav aria-label="${say.pages}"><ul>${visit.menu.map((section) => menuItem(section, visit))}</ul></nav>
<form class="find" action="/records" method="get" role="search">
<input type="search" name="q" aria-label="${say.find}" placeholder="${say.findHint}" required>
</form>
${person(visit)}
</header>
<main id="content" tabindex="-1">
<p id="away" class="notice bad" role="status" hidden>${say.away}</p>
<h1>${title}</h1>
${body}
</main>
</body>`,
  });
}

/** A page for somebody who is not in yet, or for an error: no menu. */
export function bareLayout({ language }: Pick<Visit, 'language'>, title: string, body: Html): Html {
  const main = html`<body>
<main class="narrow">
<h1>${title}</h1>
${body}
</main>
</body>`;
  return htmlDocument(language, { title: titleOf(title), head: headOf(), body: main });
}

const titleOf = (title: string) => `${title} · pmsync`;

const UPLOT = html`<link rel="stylesheet" href="/assets/uplot.css">`;

/** Of every page. Our own style sheet comes last of those that all have: it overrides. */
const headOf = (library?: Html) => html`<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/pico.css">
${library}
<link rel="stylesheet" href="/assets/style.css">`;

function menuItem({ path, words: names, also = [] }: MenuItem, { url, language }: Visit): Html {
  const [here = ''] = url.split('?');
  const current = [path, ...also].some((own) => here === own || (own !== '/' && here.startsWith(`${own}/`)));
  return html`<li><a href="${path}"${current && html` aria-current="page"`}>${names[language]}</a></li>`;
}

function person(visit: Visit): Html {
  const { language, visitor, url } = visit;
  const say = words(language);
  const other = language === 'en' ? 'ru' : 'en';
  return html`<div class="person">
<a href="/language/${other}?back=${encodeURIComponent(url)}" lang="${other}" hreflang="${other}">${say.language}</a>
${
  visitor.via === 'session' &&
  html`<form method="post" action="/sign-out">${csrfField(visit)}<span>${visitor.actor}${visitor.role === 'viewer' && html` (${say.viewer})`}</span> <button class="quiet">${say.signOut}</button></form>`
}
</div>`;
}

/** Belongs into every form that changes something. */
export function csrfField({ csrf }: Pick<Visit, 'csrf'>): Html {
  return html`<input type="hidden" name="_csrf" value="${csrf()}">`;
}
