import { headerDictionary, type HeaderMeaning } from './header-dictionary.js';
import type { HeaderField, HeaderPart } from './header-names/language-names.js';
import { readHeaderText, splitAlternatives, splitScripts, wordsOf } from './header-words.js';

/** One thing that a header cell can mean, as far as the cell alone tells. */
export interface HeaderReading extends HeaderMeaning {
  /** How the cell names it, for people. */
  readonly reason: string;
  /** Whether the whole cell is the name; otherwise a remark or a prefix was left out. */
  readonly isExact: boolean;
}

/**
 * Reads one header cell, whatever its decoration and language. No reading for a name that is not known, several for an
 * ambiguous one.
 */
export function readHeaderCell(cell: string): readonly HeaderReading[] {
  // Several names that another delimiter would split.
  if (/[;\t]|,.*,/.test(cell)) return [];
  const { words, outside, remarks } = readHeaderText(cell);
  const whole = readWords(words, !cell.includes(','));
  if (whole.length > 0) return whole;
  if (remarks.length > 0) {
    const bare = readWords(outside);
    const readings = withRemarks(bare, remarks);
    if (readings.length > 0) return readings;
  }
  return readAlternatives(cell);
}

/** A name from the dictionary, or one composed of its parts. */
function readWords(words: readonly string[], inAnyOrder = true): readonly HeaderReading[] {
  if (words.length === 0) return [];
  const known = headerDictionary().meaningsOf(words, inAnyOrder);
  if (known.length > 0) {
    return known.map((meaning) => ({ ...meaning, reason: nameIn(meaning), isExact: true }));
  }
  const composed = composedField(headerDictionary().partsOf(words));
  if (composed !== undefined) return [composedReading(composed)];
  return readPrefixed(words);
}

function nameIn({ language }: HeaderMeaning): string {
  return language === 'English' ? 'usual name' : `usual name (${language})`;
}

function composedReading(field: HeaderField): HeaderReading {
  return { field, language: '', strength: 'sure', reason: 'usual name', isExact: true };
}

/** By the parts of a name in alphabetical order, without repeats. */
const COMPOSED: Readonly<Record<string, HeaderField>> = {
  email: 'email',
  'email id': 'email',
  'email work': 'email',
  'email employee': 'email',
  'email employee work': 'email',
  'email private': 'secondEmail',
  'email employee private': 'secondEmail',
  'id phone': 'primaryPhone',
  'phone work': 'primaryPhone',
  'employee phone': 'primaryPhone',
  'id phone work': 'primaryPhone',
  'employee phone work': 'primaryPhone',
  'id mobile': 'mobilePhone',
  'mobile phone': 'mobilePhone',
  'mobile work': 'mobilePhone',
  'employee mobile': 'mobilePhone',
  'id mobile phone': 'mobilePhone',
  'id mobile work': 'mobilePhone',
  'mobile phone work': 'mobilePhone',
  'employee mobile work': 'mobilePhone',
  'employee mobile phone': 'mobilePhone',
  'id mobile phone work': 'mobilePhone',
  manager: 'manager',
  'manager name': 'manager',
  'email manager': 'manager',
  'email manager work': 'manager',
  'id manager': 'managerId',
  'employee id manager': 'managerId',
  'employee manager': 'manager',
  'email employee manager': 'manager',
  'employee manager name': 'manager',
  'employee id': 'employeeNumber',
  'employee name': 'fullName',
};

function composedField(parts: readonly HeaderPart[] | undefined): HeaderField | undefined {
  if (parts === undefined) return undefined;
  const key = [...new Set(parts)].toSorted().join(' ');
  return Object.hasOwn(COMPOSED, key) ? COMPOSED[key] : undefined;
}

/** Whether a name says that a column has the email address of a manager, or their ID, and not their name. */
export function namesManagerEmail(cell: string): boolean {
  const parts = headerDictionary().partsOf(readHeaderText(cell).words);
  return parts !== undefined && parts.includes('manager') && parts.includes('email');
}

/** Fields that a person has only one of, so that the word for the person adds nothing. */
const OF_A_PERSON: ReadonlySet<HeaderField> = new Set<HeaderField>([
  'login',
  'firstName',
  'lastName',
  'middleName',
  'email',
  'title',
  'displayName',
  'nickName',
  'mobilePhone',
  'primaryPhone',
  'department',
  'division',
  'costCenter',
  'organization',
  'manager',
  'preferredLanguage',
  'timezone',
  'groups',
  'startDate',
  'endDate',
]);

/** Fields of an address, which is that of the work place unless its name says otherwise. */
const OF_AN_ADDRESS: ReadonlySet<HeaderField> = new Set<HeaderField>([
  'streetAddress',
  'city',
  'state',
  'zipCode',
  'countryCode',
]);
const PLACE_WORDS: ReadonlySet<string> = new Set(
  'work business office primary location address company site contact adresse dienst buro standort'.split(
    ' ',
  ),
);

/** `Employee First Name`, `Mitarbeiter Vorname`; `Work Address - City`, `Location: Country`. */
function readPrefixed(words: readonly string[]): readonly HeaderReading[] {
  for (let from = 1; from < words.length; from += 1) {
    const prefix = words.slice(0, from);
    const known = headerDictionary().meaningsOf(words.slice(from));
    const parts = headerDictionary().partsOf(prefix);
    const isPerson = parts !== undefined && parts.every((part) => part === 'employee');
    const isPlace = prefix.every((word) => PLACE_WORDS.has(word));
    const named = known.filter(
      ({ field }) => (isPerson && OF_A_PERSON.has(field)) || (isPlace && OF_AN_ADDRESS.has(field)),
    );
    if (named.length > 0) {
      return named.map((meaning) => ({ ...meaning, reason: nameIn(meaning), isExact: false }));
    }
  }
  return [];
}

/**
 * `Last Name (as in passport)`: a remark that says which one of several, such as `(private)`, changes the meaning; any other
 * does not. A technical name in brackets, `[displayName]`, confirms or explains the name before it.
 */
function withRemarks(
  bare: readonly HeaderReading[],
  remarks: readonly { readonly text: string; readonly words: readonly string[] }[],
): readonly HeaderReading[] {
  const explained =
    remarks.map(({ words }) => readWords(words)).find((readings) => readings.length > 0) ?? [];
  const isTechnical = remarks.length === 1 && /^[a-z]+(?:[A-Z][a-z]*)+$/.test(remarks[0]?.text ?? '');
  if (isTechnical && explained.length > 0) return explained;
  if (bare.length === 0) return [];
  const same = bare.filter(({ field }) => explained.some((other) => other.field === field));
  if (same.length > 0) return same.map((reading) => ({ ...reading, strength: 'sure' }));
  // `Nom (Last name)`: the name alone is ambiguous, and the remark in brackets decides.
  const isOpen = bare.every(({ field }) => field === 'name');
  if (isOpen && explained.length > 0 && explained.every(({ field }) => NAME_FIELDS.has(field))) {
    return explained;
  }
  if (explained.length > 0 || remarks.some(isQualifying)) {
    return bare.map((reading) => ({ ...reading, strength: 'hint' }));
  }
  return bare.map((reading) => ({ ...reading, isExact: false }));
}

const NAME_FIELDS: ReadonlySet<HeaderField> = new Set<HeaderField>(['firstName', 'lastName', 'fullName']);

/** Whether a remark in brackets makes another field of a name, as `(private)` does. */
export function isQualifying({ words }: { readonly words: readonly string[] }): boolean {
  return words.some((word) => QUALIFIERS.has(word));
}

/** Words that make another field of one, in the languages of the dictionary as far as they are not parts of its names. */
const QUALIFIERS: ReadonlySet<string> = new Set(
  wordsOf(
    `private personal home work business office company mobile second secondary third alternate alternative other old new
    previous former birth maiden legal preferred emergency parent spouse partner billing shipping invoice kana katakana
    romaji hiragana reading english local native manager supervisor boss assistant id code number no name email phone fax
    short long abbreviation description text start end from to until
    privat private dienstlich geschaeftlich geschaftlich alt neu geburt notfall kuerzel kurzel
    personnel professionnel prive domicile secondaire ancien nouveau naissance urgence code
    personal privado laboral antiguo nuevo emergencia codigo pessoal particular antigo novo codigo
    personale privato aziendale vecchio nuovo emergenza codice prive zakelijk oud nieuw nood
    prywatny sluzbowy stary nowy privat arbete gammal ny カナ フリガナ ふりがな ローマ字 英語 旧姓 個人 私用`,
  ),
);

/** `Nachname / Last name`, if all names mean the same; all meanings otherwise, none of them sure. */
function readAlternatives(cell: string): readonly HeaderReading[] {
  const readings = readNames(splitAlternatives(cell));
  if (readings.length < 2) return sharedReadings(readNames(splitScripts(cell)));
  const shared = sharedReadings(readings);
  return shared.length > 0 ? shared : readings.flat().map((reading) => ({ ...reading, strength: 'hint' }));
}

function readNames(names: readonly string[]): readonly (readonly HeaderReading[])[] {
  return names
    .map((name) => readHeaderText(name).words)
    .filter((words) => words.length > 0)
    .map((words) => readWords(words));
}

/** The meanings that several names have in common. */
function sharedReadings([
  first = [],
  ...others
]: readonly (readonly HeaderReading[])[]): readonly HeaderReading[] {
  if (others.length === 0) return [];
  return first
    .filter(({ field }) => others.every((other) => other.some((reading) => reading.field === field)))
    .map((reading) => ({ ...reading, strength: 'sure' }));
}
