import { encode } from 'html-entities';
import { MARKS, type Message } from './message.ts';

/** For mail programs without HTML, and for the terminal. */
export function plainText({ title, intro, sections, outro }: Message): string {
  return [
    [title],
    intro,
    ...sections.map(({ light, title: name, lines }) => [
      `${MARKS[light]} ${name}`,
      ...lines.map((line) => `  ${line}`),
    ]),
    outro,
  ]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}

/** Mail programs know no style sheets worth relying on: everything stands where it applies. */
export function htmlMail({ language, title, intro, sections, outro }: Message): string {
  const parts = [
    `<h2 style="font-size:1.2em">${escaped(title)}</h2>`,
    ...intro.map((line) => `<p>${escaped(line)}</p>`),
    ...sections.map(
      ({ light, title: name, lines }) =>
        `<h3 style="font-size:1em;margin:1.2em 0 0.3em">${MARKS[light]} ${escaped(name)}</h3>` +
        `<ul style="margin:0">${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`,
    ),
    ...outro.map((line) => `<p><code>${escaped(line)}</code></p>`),
  ];
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escaped(title)}</title></head>` +
    `<body style="font-family:sans-serif;line-height:1.4;max-width:45em">${parts.join('\n')}</body></html>`
  );
}

/** Of what Telegram takes, in its own count; a little is left for the last line. */
const TELEGRAM_LONGEST = 4000;

/** In Telegram's HTML: three characters are escaped. What is too long for one message ends at a whole line. */
export function telegramText({ title, intro, sections, outro }: Message): string {
  const lines = [
    `<b>${escaped(title)}</b>`,
    ...intro.map(escaped),
    ...sections.flatMap(({ light, title: name, lines: own }) => [
      '',
      `${MARKS[light]} <b>${escaped(name)}</b>`,
      ...own.map(escaped),
    ]),
    ...outro.flatMap((line) => ['', `<code>${escaped(line)}</code>`]),
  ];
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > TELEGRAM_LONGEST) return [...kept, '…'].join('\n');
    kept.push(line);
  }
  return kept.join('\n');
}

function escaped(text: string): string {
  return encode(text, { mode: 'specialChars', level: 'xml' }).replaceAll('&apos;', "'");
}
