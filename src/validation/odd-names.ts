import { quoted } from '../text.js';
import type { ValueWarning } from './characters.js';

const NAMES: ReadonlySet<string> = new Set([
  'firstName',
  'lastName',
  'middleName',
  'displayName',
  'nickName',
]);

/** Whether a text stands where the name of a person belongs. */
export function isPersonName(name: string): boolean {
  return NAMES.has(name);
}

/** Finds what nobody is called: `-`, `12345`, `N/A`, an email address, and the logical value that a spreadsheet makes of True. */
export function oddName(name: string, text: string): ValueWarning | undefined {
  const odd = whatIsOdd(text);
  return odd === undefined ? undefined : { code: 'name-odd', message: `${name} ${quoted(text)} ${odd}` };
}

const ADVICE = 'Enter the name.';

/** What people write when they do not know a name yet. `N.A.` may be initials. */
const UNKNOWN: ReadonlySet<string> = new Set(
  'n/a tbd tbc tba xxx unknown unbekannt inconnu desconocido desconhecido sconosciuto onbekend okänd ukendt ukjent tuntematon nieznany neznámý ismeretlen bilinmiyor неизвестно 未定 不明 미정'.split(
    ' ',
  ),
);
const CAPITALIZED: ReadonlySet<string> = new Set(
  [...UNKNOWN].map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
);

/** Whether a text is a capital letter followed by small ones, as nearly all names, and not a word for an unknown name. */
export function isUsualName(text: string): boolean {
  return /^[A-Z][a-z]+$/.test(text) && !CAPITALIZED.has(text);
}

const ABBREVIATIONS: ReadonlySet<string> = new Set(['n.a.', 'n. a.', 'k.A.', 'k. A.', 'n.n.']);
const QUOTED = /^["“”„«»].+["“”«»]$/;

function whatIsOdd(text: string): string | undefined {
  const isUnknown = UNKNOWN.has(text.toLowerCase().replaceAll(' ', '')) || ABBREVIATIONS.has(text);
  if (isUnknown) return `stands for a missing value. ${ADVICE}`;
  if (!/\p{L}/u.test(text)) return `contains no letters. ${ADVICE}`;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `is an email address. ${ADVICE}`;
  if (QUOTED.test(text)) return 'is in quotation marks. Remove them unless they are intended.';
  if (text === 'TRUE' || text === 'FALSE') {
    return 'may be the logical value that a spreadsheet makes of such a name. Check how it is written.';
  }
  return undefined;
}
