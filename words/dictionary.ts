/** The languages of everything an operator reads. */
export const LANGUAGES = ['en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

type Words = Record<string, string | readonly string[] | ((...values: never[]) => string)>;

/** What an operator reads, in both languages; a missing translation does not compile. */
export function dictionary<M extends Words>(words: { en: M; ru: NoInfer<M> }): (language: Language) => M {
  return (language) => words[language];
}
