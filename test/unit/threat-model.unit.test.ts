import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** `` `test/…`: "a title", "another" `` as the page names the tests that show what it says. */
const SHOWN_BY = /`(test\/[\w./-]+)`: ((?:"[^"]+"(?:, )?)+)/g;
const pages = ['docs/threat-model.md', 'docs/threat-model.ru.md'].map((path) => ({
  path,
  text: readFileSync(resolve(path), 'utf8'),
}));
const claims = (text: string) =>
  [...text.matchAll(SHOWN_BY)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title })),
  );

describe.each(pages)('$path', ({ text }) => {
  test('names tests that exist', () => {
    const all = claims(text);
    expect(all.length).toBeGreaterThan(25);
    for (const { file, title } of all)
      expect(readFileSync(resolve(file), 'utf8'), `${file}: ${title}`).toContain(title);
    for (const [path = ''] of text.matchAll(/(?<=`)test\/[\w./-]+(?=`)/g))
      expect(existsSync(resolve(path)), path).toBe(true);
  });
});

test('both pages name the same tests', () => {
  const [english = [], russian = []] = pages.map(({ text }) => claims(text).map(({ title }) => title));
  expect(russian).toEqual(english);
});
