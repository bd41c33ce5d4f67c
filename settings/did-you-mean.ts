import { closest, distance } from 'fastest-levenshtein';

/** `Did you mean "tbilisi"?` when a known name is near, else the list of what is known. Goes into a problem's `fix`. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0) return 'Remove it';
  const best = closest(
    word.toLowerCase(),
    known.map((name) => name.toLowerCase()),
  );
  const match = known.find((name) => name.toLowerCase() === best);
  const near = distance(word.toLowerCase(), best) <= Math.max(2, Math.floor(word.length / 3));
  return near ? `Did you mean ${match}?` : `Known here: ${known.join(', ')}`;
}
