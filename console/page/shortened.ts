const MOST_LETTERS = 160;

/** A message as a table has room for; the whole of it stands where it belongs. */
export function shortened(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)} …` : text;
}
