import { listOf } from '../text.js';
import type { YamlValue } from '../yaml-document.js';
import { compileDateFormat, dateTokens } from './date-format.js';
import { loadPhoneReaders } from './phone.js';
import { PERSON_VALUES, type CellFormat, type ColumnSource, type ValueSource } from './value-source.js';

const ORIGINS = ['column', 'columns', 'fullName', 'person', 'template', 'value'];
const SOURCE_KEYS = [...ORIGINS, 'split', 'part', 'as', 'date', 'e164', 'decimal', 'values', 'true', 'false'];

/** Reads where a value comes from: a column, a template, or a map of `SOURCE_KEYS`. */
export function readSource(from: YamlValue): ValueSource | undefined {
  const { key, scalar } = from;
  if (from.isMap) return readSourceMap(from);
  if (typeof scalar === 'string') {
    return /\{\{|\{%/.test(scalar) ? { kind: 'template', template: scalar } : readColumnSource(from);
  }
  return from.report(
    scalar === undefined
      ? `${key} needs a column, a template, or { column | template | value: ... }.`
      : `${key}: write { value: ${scalar} } for a constant, or "${scalar}" for a column with that name.`,
  );
}

function readSourceMap(from: YamlValue): ValueSource | undefined {
  const { key } = from;
  const parts = new Map(from.entries(SOURCE_KEYS).map((part) => [part.key, part]));
  const [column, template, value] = [parts.get('column'), parts.get('template'), parts.get('value')];
  const [columns, fullName] = [parts.get('columns'), parts.get('fullName')];
  if (ORIGINS.filter((origin) => parts.has(origin)).length !== 1) {
    return from.report(`${key} needs exactly one of ${listOf(ORIGINS, 'or')}.`);
  }
  if (fullName !== undefined) return readNamePart(fullName, parts, key);
  const person = parts.get('person');
  if (person !== undefined) return readPerson(person, parts, key);
  if (parts.has('as')) return from.report(`${key}: Only person can have as.`);
  if (parts.has('part')) return from.report(`${key}: Only fullName can have part.`);
  if (columns !== undefined) return readColumns(columns, parts, key);
  if (value !== undefined) {
    const others = [...parts.keys()].filter((part) => part !== 'value');
    return others.length === 0
      ? readConstant(value, key)
      : from.report(`${key}: A constant cannot have ${listOf(others, 'or')}.`);
  }
  const format = readCellFormat(parts);
  if (column !== undefined) {
    const source = readColumnSource(column);
    if (parts.has('date') && parts.has('e164')) {
      return from.report(`${key} cannot be both a date and a phone number.`);
    }
    return source && { ...source, ...format };
  }
  if (parts.has('date')) return from.report(`${key}: A template cannot have date.`);
  if (parts.has('values')) return from.report(`${key}: A template cannot have values.`);
  if (parts.has('e164')) {
    return from.report(`${key}: In a template, use the filter e164: {{ … | e164: "DE" }}.`);
  }
  const text = template && readText(template);
  return text === undefined ? undefined : { kind: 'template', template: text, ...format };
}

/** `{ fullName: Name, part: given }` */
function readNamePart(
  from: YamlValue,
  parts: ReadonlyMap<string, YamlValue>,
  key: string,
): ValueSource | undefined {
  const others = [...parts.keys()].filter((part) => part !== 'fullName' && part !== 'part');
  if (others.length > 0) return from.report(`${key}: A full name cannot have ${listOf(others, 'or')}.`);
  const part = parts.get('part');
  const namePart = part?.scalar;
  if (namePart !== 'given' && namePart !== 'family') {
    return (part ?? from).report(`${key}: fullName needs part: given or part: family.`);
  }
  const source = readColumnSource(from);
  return source && { ...source, namePart };
}

/** `{ person: Manager Email, as: login }` */
function readPerson(
  from: YamlValue,
  parts: ReadonlyMap<string, YamlValue>,
  key: string,
): ValueSource | undefined {
  const others = [...parts.keys()].filter((part) => part !== 'person' && part !== 'as');
  if (others.length > 0) return from.report(`${key}: A person cannot have ${listOf(others, 'or')}.`);
  const as = parts.get('as');
  const personAs = PERSON_VALUES.find((value) => value === as?.scalar);
  if (personAs === undefined) {
    return (as ?? from).report(`${key}: person needs as: ${listOf(PERSON_VALUES, 'or')}.`);
  }
  const source = readColumnSource(from);
  return source && { ...source, personAs };
}

/** `{ columns: [Group 1, Group 2] }`: all of them, as one list. */
function readColumns(
  from: YamlValue,
  parts: ReadonlyMap<string, YamlValue>,
  key: string,
): ValueSource | undefined {
  const others = [...parts.keys()].filter((part) => part !== 'columns' && part !== 'split');
  if (others.length > 0) return from.report(`${key}: Several columns cannot have ${listOf(others, 'or')}.`);
  const columns = from.items().flatMap((item) => readColumn(item) ?? []);
  if (columns.length === 0) return from.report(`${key}: columns must be a list of columns.`);
  const split = parts.get('split');
  return { kind: 'columns', columns, split: split && readSeparators(split) };
}

/** One column, or a list of alternatives. */
export function readColumnSource(from: YamlValue): ColumnSource | undefined {
  const items = from.items();
  if (items.length === 0) return from.report(`${from.key} must be the name of a column.`);
  const [column, ...orElse] = items.flatMap((item) => readColumn(item) ?? []);
  return column === undefined ? undefined : { kind: 'column', column, ...(orElse.length > 0 && { orElse }) };
}

/** A column's name: any scalar, since columns may be called 2024 or true. */
export function readColumn(from: YamlValue): string | undefined {
  const name = String(from.scalar ?? '').trim();
  return name === '' ? from.report(`${from.key} must be the name of a column.`) : name;
}

export function readText(from: YamlValue): string | undefined {
  const { scalar } = from;
  return typeof scalar === 'string' && scalar !== ''
    ? scalar
    : from.report(`${from.key} must be text, and not empty.`);
}

function readConstant(from: YamlValue, key: string): ValueSource | undefined {
  const values = from.items().map(({ scalar }) => scalar);
  if (from.isList) {
    if (values.every((value) => typeof value === 'string')) return { kind: 'constant', value: values };
    if (values.every((value) => typeof value === 'number')) return { kind: 'constant', value: values };
  } else if (from.scalar !== undefined && from.scalar !== '') {
    return { kind: 'constant', value: from.scalar };
  }
  return from.report(
    `${key}: A constant must be text, a number, true, false, or a list of texts or numbers.`,
  );
}

function readCellFormat(parts: ReadonlyMap<string, YamlValue>): CellFormat {
  const read = <Value>(key: string, reader: (from: YamlValue) => Value | undefined): Value | undefined => {
    const part = parts.get(key);
    return part && reader(part);
  };
  const words = new Map([
    ...(read('false', readWords) ?? []).map((word) => [word, false] as const),
    ...(read('true', readWords) ?? []).map((word) => [word, true] as const),
  ]);
  const format = {
    split: read('split', readSeparators),
    date: read('date', readDateFormat),
    e164: read('e164', readCountry),
    decimal: read('decimal', readDecimal),
    values: read('values', readValues),
    booleanWords: words.size === 0 ? undefined : words,
  };
  return Object.fromEntries(Object.entries(format).filter(([, value]) => value !== undefined));
}

/** One separator, or a list of them. */
function readSeparators(from: YamlValue): readonly string[] | undefined {
  const separators = from.items().map(({ scalar }) => scalar);
  const texts = separators.filter((scalar) => typeof scalar === 'string' && scalar !== '').map(String);
  return separators.length > 0 && texts.length === separators.length
    ? texts
    : from.report(`${from.key} must be text and not empty, or a list of such texts.`);
}

/** Words in lower case; '' is among them for the empty cell. */
function readWords(from: YamlValue): readonly string[] | undefined {
  const words = from.items().map(({ scalar }) => scalar);
  return words.includes(undefined)
    ? from.report(`${from.key} must be a list of words, such as [x, ja, ""].`)
    : words.map((word) => String(word).trim().toLowerCase());
}

function readDecimal(from: YamlValue): '.' | ',' | undefined {
  const { scalar } = from;
  if (scalar === ',' || scalar === '.') return scalar;
  return from.report('decimal must be "," or ".".');
}

/** `{ Germany: DE, "": XX }`; a key is the text of a cell. */
function readValues(from: YamlValue): ReadonlyMap<string, string> | undefined {
  const entries = from.isMap ? from.entries() : [];
  const texts = entries.map(({ key, text, scalar }) => [key.trim(), text ?? scalar] as const);
  const values = texts.flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as const],
  );
  return values.length > 0 && values.length === entries.length
    ? new Map(values)
    : from.report('values must be a map of cells to what is sent instead, such as { Germany: DE }.');
}

function readCountry(from: YamlValue): string | undefined {
  const country = String(from.scalar ?? '').toUpperCase();
  if (loadPhoneReaders().isCountry(country)) return country;
  const example = country === 'UK' ? 'GB' : 'DE';
  return from.report(
    `e164 must be a two-letter country code, such as ${example}. Numbers without + belong to that country.`,
  );
}

function readDateFormat(from: YamlValue): string | undefined {
  const format = readText(from);
  if (format === undefined || compileDateFormat(format) !== undefined) return format;
  return from.report(`date: "${format}" is not a date format. Use ${dateTokens}, such as dd/MM/yyyy.`);
}
