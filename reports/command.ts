/**
 * `./pmsync <words>` as it may be pasted into a shell: whatever a vendor calls its records, they stay words, and one that
 * begins with a dash is no option.
 */
export function pmsync(command: string, words: readonly string[], options: Readonly<Record<string, string | true>>) {
  const flags = Object.entries(options).map(
    ([name, value]) => `--${name}${value === true ? '' : ` ${shellWord(value)}`}`,
  );
  const plain = words.some((word) => word.startsWith('-')) ? ['--'] : [];
  const parts = plain.length > 0 ? [...flags, ...plain, ...words.map(shellWord)] : [...words.map(shellWord), ...flags];
  return ['./pmsync', command, ...parts].join(' ');
}

function shellWord(word: string): string {
  return /^[\w.:@%+/,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
