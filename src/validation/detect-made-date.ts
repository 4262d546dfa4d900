/**
 * Short names of months, as Excel shows them in English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish, Danish
 * and Norwegian.
 */
const MONTHS = [
  ['jan', 'janv', 'ene', 'gen', 'sty'],
  ['feb', 'févr', 'fevr', 'fév', 'fev', 'lut'],
  ['mar', 'mär', 'mrz', 'mars', 'mrt'],
  ['apr', 'avr', 'abr', 'kwi'],
  ['may', 'mai', 'maj', 'mei', 'mag'],
  ['jun', 'juin', 'giu', 'cze'],
  ['jul', 'juil', 'lug', 'lip'],
  ['aug', 'août', 'aout', 'ago', 'sie'],
  ['sep', 'sept', 'set', 'wrz'],
  ['oct', 'okt', 'out', 'ott', 'paź'],
  ['nov', 'lis'],
  ['dec', 'dez', 'déc', 'dic', 'des', 'gru'],
].flat();
const MONTH = `(?:${MONTHS.toSorted((a, b) => b.length - a.length).join('|')})\\.?`;
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
/** `4-Mar`, `04. Mrz`, `4-Mar-26`; `Jan-15`, `janv.-15`, `Mrz 15`, `jan/15`; `3月4日`. */
const MADE_DATE = new RegExp(
  `^(?:${DAY}(?:[-/ ]|\\. ?)${MONTH}(?:[-/ ]\\d{2})?|${MONTH}[-/ .]\\d{2}|\\d{1,2}月\\d{1,2}日)$`,
  'i',
);

/** Whether a text looks like a date as a spreadsheet shows it after it has made it from another text: `4-Mar` from `MAR4`. */
export function looksLikeMadeDate(text: string): boolean {
  const { length } = text;
  if (length < 4 || length > 12) return false;
  // Nearly no other value passes this.
  return (isDigit(text, 0) || isDigit(text, length - 1)) && MADE_DATE.test(text);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
