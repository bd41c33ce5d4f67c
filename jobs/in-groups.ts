/** So many questions to the database or the queue are under way at once. */
const AT_ONCE = 100;

/** Answers of `work`, in the order of the items. */
export async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return answers;
}
