/** README.md §5.1 What is not here is pending, with the raw text kept in `source_status`. */
const STATUS_OF_STATE: Readonly<Record<string, string>> = {
  Подтверждена: 'confirmed',
  Активная: 'checked_in',
  Отъездила: 'completed',
  'Вернуть залог': 'completed',
  Отмена: 'cancelled',
  'Отказ клиента': 'cancelled',
  'Нет машин': 'cancelled',
};

/** The canonical status. A technical or repair booking blocks the car, whatever its state says. */
export function canonicalStatus(state: string | null, blocksCar: boolean): string {
  if (blocksCar) return 'blocked';
  return STATUS_OF_STATE[state ?? ''] ?? 'pending';
}
