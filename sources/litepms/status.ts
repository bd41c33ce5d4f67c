/** README.md §6.2. What is not here is pending, with the raw text kept in `source_status`. */
const STATUS_OF_ID: Readonly<Record<string, string>> = {
  1: 'pending',
  2: 'confirmed',
  3: 'cancelled',
  4: 'completed',
  5: 'no_show',
  6: 'checked_in',
  8: 'pending',
  9: 'overbooked',
};

export const canonicalStatus = (statusId: string | null): string => STATUS_OF_ID[statusId ?? ''] ?? 'pending';
