import { compileDateFormat, dateTokens } from './date-format.js';
import { loadPhoneReaders } from './phone.js';
import type { CellFormat, ValueSource } from './value-source.js';
import type { YamlEntry, YamlReader } from './yaml-reader.js';

const sourceKeys = ['column', 'template', 'value', 'split', 'date', 'e164', 'decimal', 'true', 'false'];

/** Where a value comes from: a column, a template, or a map of `sourceKeys`; what is wrong ends up in `yaml.problems`. */
export function readSource(entry: YamlEntry, yaml: YamlReader): ValueSource | undefined {
  if (yaml.shapeOf(entry) === 'text') {
    const text = String(yaml.scalarOf(entry));
    return /\{\{|\{%/.test(text) ? { kind: 'template', template: text } : readColumnSource(entry, yaml);
  }
  if (yaml.shapeOf(entry) !== 'map') return refuseSource(entry, yaml);

  const parts = new Map(yaml.entriesOf(entry, sourceKeys).map((part) => [part.key, part]));
  const [column, template, value] = [parts.get('column'), parts.get('template'), parts.get('value')];
  if ([column, template, value].filter((part) => part !== undefined).length !== 1) {
    return yaml.refuse(entry.line, `${entry.key} needs exactly one of: column, template, value.`);
  }
  if (value !== undefined) {
    if (parts.size > 1) {
      const others = [...parts.keys()].filter((key) => key !== 'value').join(' and no ');
      return yaml.refuse(entry.line, `${entry.key}: a constant takes no ${others}.`);
    }
    return readConstant({ ...value, key: entry.key }, yaml);
  }
  const format = readCellFormat(parts, yaml);
  if (template !== undefined) {
    if (parts.has('date')) return yaml.refuse(entry.line, `${entry.key}: a template takes no date.`);
    if (parts.has('e164')) {
      return yaml.refuse(entry.line, `${entry.key}: in a template, e164 is a filter: {{ … | e164: "DE" }}.`);
    }
    const text = readText(template, yaml);
    return text === undefined ? undefined : { kind: 'template', template: text, ...format };
  }
  const [name, ...orElse] = column === undefined ? [] : readColumns(column, yaml);
  if (parts.has('date') && parts.has('e164')) {
    return yaml.refuse(entry.line, `${entry.key} is a date or a phone number, not both.`);
  }
  return name === undefined
    ? undefined
    : { kind: 'column', column: name, ...(orElse.length > 0 && { orElse }), ...format };
}

/** One column, or a list of those that a file may have in its place. */
export function readColumns(entry: YamlEntry, yaml: YamlReader): readonly string[] {
  return yaml.itemsOf(entry).flatMap((item) => readColumn(item, yaml) ?? []);
}

function readCellFormat(parts: ReadonlyMap<string, YamlEntry>, yaml: YamlReader): CellFormat {
  const read = <Value>(
    key: string,
    reader: (entry: YamlEntry, yaml: YamlReader) => Value | undefined,
  ): Value | undefined => {
    const part = parts.get(key);
    return part === undefined ? undefined : reader(part, yaml);
  };
  const words = new Map([
    ...(read('false', readWords) ?? []).map((word) => [word, false] as const),
    ...(read('true', readWords) ?? []).map((word) => [word, true] as const),
  ]);
  const format = {
    split: read('split', readText),
    date: read('date', readDateFormat),
    e164: read('e164', readCountry),
    decimal: read('decimal', readDecimal),
    words: words.size === 0 ? undefined : words,
  };
  // What is not said is not there.
  return Object.fromEntries(Object.entries(format).filter(([, value]) => value !== undefined));
}

/** Words in lower case; '' is among them for the empty cell. */
function readWords(entry: YamlEntry, yaml: YamlReader): readonly string[] | undefined {
  const words = yaml.itemsOf(entry).map((item) => yaml.scalarOf(item));
  if (words.includes(undefined)) {
    return yaml.refuse(entry.line, `${entry.key} takes the words for it in a list, such as [x, ja, ""].`);
  }
  return words.map((word) => String(word).trim().toLowerCase());
}

function readDecimal(entry: YamlEntry, yaml: YamlReader): '.' | ',' | undefined {
  const decimal = yaml.scalarOf(entry);
  if (decimal === ',' || decimal === '.') return decimal;
  return yaml.refuse(entry.line, 'decimal is "," or ".": what stands before the decimals.');
}

function readCountry(entry: YamlEntry, yaml: YamlReader): string | undefined {
  const country = String(yaml.scalarOf(entry) ?? '').toUpperCase();
  if (loadPhoneReaders().isCountry(country)) return country;
  return yaml.refuse(
    entry.line,
    `e164 takes a country's two letters, such as DE or US${country === 'UK' ? ' (or GB)' : ''}: numbers without + are of that country.`,
  );
}

function readDateFormat(entry: YamlEntry, yaml: YamlReader): string | undefined {
  const format = readText(entry, yaml);
  if (format === undefined || compileDateFormat(format) !== undefined) return format;
  return yaml.refuse(
    entry.line,
    `date: "${format}" is not a date format: write day, month and year with ${dateTokens}, such as dd/MM/yyyy.`,
  );
}

function refuseSource(entry: YamlEntry, yaml: YamlReader): undefined {
  const shape = yaml.shapeOf(entry);
  const constant = shape === 'number' || shape === 'boolean' ? String(yaml.scalarOf(entry)) : undefined;
  return yaml.refuse(
    entry.line,
    constant === undefined
      ? `${entry.key} needs a column, a template, or { column | template | value: ... }.`
      : `${entry.key}: write { value: ${constant} } for a constant, or "${constant}" for a column of that name.`,
  );
}

function readConstant(entry: YamlEntry, yaml: YamlReader): ValueSource | undefined {
  if (yaml.shapeOf(entry) !== 'list') {
    const value = yaml.scalarOf(entry);
    return isScalarValue(value) ? { kind: 'constant', value } : refuseConstant(entry, yaml);
  }
  const values = yaml.itemsOf(entry).map((item) => yaml.scalarOf(item));
  if (values.every((value) => typeof value === 'string')) return { kind: 'constant', value: values };
  if (values.every((value) => typeof value === 'number')) return { kind: 'constant', value: values };
  return refuseConstant(entry, yaml);
}

function refuseConstant(entry: YamlEntry, yaml: YamlReader): undefined {
  return yaml.refuse(
    entry.line,
    `${entry.key}: a constant is a text, a number, true or false, or a list of texts or numbers.`,
  );
}

function isScalarValue(value: unknown): value is string | number | boolean {
  return (
    (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
  );
}

function readColumnSource(entry: YamlEntry, yaml: YamlReader): ValueSource | undefined {
  const column = readColumn(entry, yaml);
  return column === undefined ? undefined : { kind: 'column', column };
}

/** A column's name: any scalar, since columns may be called 2024 or true. */
export function readColumn(entry: YamlEntry, yaml: YamlReader): string | undefined {
  const name = String(yaml.scalarOf(entry) ?? '').trim();
  return name === '' ? yaml.refuse(entry.line, `${entry.key} needs the name of a column.`) : name;
}

export function readText(entry: YamlEntry, yaml: YamlReader): string | undefined {
  const text = yaml.scalarOf(entry);
  return typeof text === 'string' && text !== ''
    ? text
    : yaml.refuse(entry.line, `${entry.key} needs a text.`);
}
