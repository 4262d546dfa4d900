import { compileDateFormat } from '../../mapping/date-format.js';
import { loadPhoneReaders } from '../../mapping/phone.js';
import type { ColumnUse, MappingChange } from '../api/columns.js';
import { PageRequestError } from '../page-error.js';

const MAX_YAML_CHARACTERS = 1_000_000;
const MAX_VALUES = 2000;

/** @throws {PageRequestError} */
export function readChange(body: unknown): MappingChange {
  const change = toObject(body);
  switch (change['kind']) {
    case 'column': {
      const { index, name, use } = change;
      if (!Number.isSafeInteger(index) || typeof name !== 'string') throw invalid('the column');
      return { kind: 'column', index: Number(index), name, use: readUse(toObject(use)) };
    }
    case 'load': {
      const { fileName, yaml } = change;
      if (typeof fileName !== 'string' || typeof yaml !== 'string') throw invalid('the mapping file');
      if (yaml.length > MAX_YAML_CHARACTERS) {
        throw new PageRequestError('This file is too large for a mapping file.', {
          hint: 'Choose a mapping file in YAML.',
        });
      }
      return { kind: 'load', fileName, yaml };
    }
    case 'ignore-undecided':
    case 'reset':
      return { kind: change['kind'] };
    default:
      throw invalid('the change');
  }
}

function readUse(use: Readonly<Record<string, unknown>>): ColumnUse {
  switch (use['kind']) {
    case 'undecided':
    case 'ignore':
    case 'full-name':
      return { kind: use['kind'] };
    case 'attribute':
      return readAttributeUse(use);
    default:
      throw invalid('the use of the column');
  }
}

function readAttributeUse({ path, ...options }: Readonly<Record<string, unknown>>): ColumnUse {
  if (typeof path !== 'string') throw invalid('the attribute');
  const split = readSplit(options['split']);
  const date = readDate(options['date']);
  const phoneCountry = readCountry(options['phoneCountry']);
  const values = readValues(options['values']);
  if (date !== undefined && phoneCountry !== undefined) throw invalid('the format');
  return {
    kind: 'attribute',
    path,
    ...(split && { split }),
    ...(date !== undefined && { date }),
    ...(phoneCountry !== undefined && { phoneCountry }),
    ...(values && { values }),
  };
}

function readSplit(split: unknown): readonly string[] | undefined {
  if (split === undefined) return undefined;
  const isValid =
    Array.isArray(split) &&
    split.length < 20 &&
    split.every((each) => typeof each === 'string' && each !== '');
  if (!isValid) throw invalid('the separators');
  return split.length === 0 ? undefined : split.map(String);
}

function readDate(date: unknown): string | undefined {
  if (date === undefined || date === '') return undefined;
  if (typeof date === 'string' && compileDateFormat(date) !== undefined) return date;
  throw new PageRequestError(`${JSON.stringify(date)} is not a date format.`, {
    hint: 'Write day, month and year as dd, MM and yyyy, such as dd/MM/yyyy.',
  });
}

function readCountry(country: unknown): string | undefined {
  if (country === undefined || country === '') return undefined;
  const code = typeof country === 'string' ? country.trim().toUpperCase() : '';
  if (loadPhoneReaders().isCountry(code)) return code;
  throw new PageRequestError(`${JSON.stringify(country)} is not the code of a country.`, {
    hint: 'Use two letters, such as DE for Germany, or GB for the United Kingdom.',
  });
}

function readValues(values: unknown): Readonly<Record<string, string>> | undefined {
  if (values === undefined) return undefined;
  const entries = Object.entries(toObject(values));
  const areTexts = entries.every(([, to]) => typeof to === 'string');
  if (entries.length > MAX_VALUES || !areTexts) throw invalid('the values');
  const trimmed = entries.map(([from, to]) => [from.trim(), String(to).trim()] as const);
  return trimmed.length === 0 ? undefined : Object.fromEntries(trimmed);
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('the change');
  return value as Readonly<Record<string, unknown>>;
}

function invalid(what: string): PageRequestError {
  return new PageRequestError(`The page sent something invalid for ${what}.`, { hint: 'Reload the page.' });
}
