const LONGEST = 500;
/** What breaks a line or a table, and what turns the direction of reading. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const MAIL = /[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+\.\p{L}{2,}/gu;
/** With a plus, or in groups: an id has neither. */
const PHONE = /\+\d[\d ()-]{7,}\d|(?<!\d)\d{1,4}[ -]?\(\d{2,5}\)[\d -]{5,}\d/g;

/** A vendor's or the database's words as one line of a report: of bounded length, and without addresses of people. */
export function plainText(text: string): string {
  const line = oneLine(text).replace(MAIL, '[e-mail]').replace(PHONE, '[phone]');
  const characters = [...line];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : line;
}

/** Text that stays where it is put. */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, ' ').trim();
}
