import { compileDateFormat } from './date-format.js';
import { partOfName } from './full-name.js';
import { findSpreadsheetDamage, findDateSerial } from './spreadsheet-damage.js';
import { PhoneNumberError, type PhoneReader, type PhoneReaders } from './phone.js';
import type { ValueProblem } from '../rows/problem.js';
import { messageOf, quoted } from '../text.js';
import { LIST_SEPARATOR, type CellFormat, type ValueSource } from './value-source.js';
import type { TemplateCompiler } from './template.js';

/** Reads one value from a row's cells. */
export interface CellReader {
  /** Indexes of the columns it reads. */
  readonly columns: readonly number[];
  /** The column to name in problems; undefined for a constant, and for a template with several columns. */
  readonly column: string | undefined;
  /** The text, trimmed unless it is a secret; '' for none. */
  read(cells: readonly string[]): string | ValueProblem;
}

export interface ReaderContext {
  readonly header: readonly string[];
  readonly indexOf: (column: string) => number | undefined;
  readonly compileTemplate: TemplateCompiler;
  readonly phoneReaders: () => PhoneReaders;
  /** The name of the value in messages, such as `startDate`. */
  readonly name: string;
  /** White space may be part of a secret, and is kept. */
  readonly isSecret: boolean;
  /** For attributes of format `date-time`: dates become RFC 3339 instants. */
  readonly isInstant: boolean;
  readonly isNumber: boolean;
}

/** Compiles a source for one header. */
export function compileReader(
  source: ValueSource,
  context: ReaderContext,
): CellReader | { readonly problems: readonly string[] } {
  switch (source.kind) {
    case 'constant': {
      const text = Array.isArray(source.value) ? source.value.join(';') : String(source.value);
      return { columns: [], column: undefined, read: () => text };
    }
    case 'generated':
      return source.column === undefined
        ? { columns: [], column: undefined, read: () => '' }
        : compileReader(source.column, context);
    case 'template':
      return templateReader(source.template, context);
    case 'columns': {
      const indexes = source.columns.map((column) => context.indexOf(column));
      const missing = source.columns.filter((_, index) => indexes[index] === undefined);
      if (missing.length > 0) {
        return { problems: missing.map((column) => `The file has no column "${column}".`) };
      }
      return listReader(
        indexes.filter((index) => index !== undefined),
        source.split,
      );
    }
    case 'column': {
      const index = context.indexOf(source.column);
      if (index === undefined) return { problems: [`The file has no column "${source.column}".`] };
      return columnReader(index, source, context);
    }
    default:
      return source satisfies never;
  }
}

/** The cells that are not empty, as one cell. */
function listReader(indexes: readonly number[], separators: CellFormat['split']): CellReader {
  const [separator = LIST_SEPARATOR] = separators ?? [];
  return {
    columns: indexes,
    column: undefined,
    read: (cells) =>
      indexes
        .map((index) => (cells[index] ?? '').trim())
        .filter((cell) => cell !== '')
        .join(separator),
  };
}

function columnReader(index: number, format: CellFormat, context: ReaderContext): CellReader {
  const where = { columns: [index], column: context.header[index] };
  if (context.isSecret) {
    return {
      ...where,
      read(cells) {
        const cell = cells[index] ?? '';
        return cell.trim() === '' ? '' : cell;
      },
    };
  }
  const { name, isNumber } = context;
  const applyFormat = compileFormat(format, context);
  const replace = format.values && compileValues(format.values);
  return {
    ...where,
    read(cells) {
      const cell = (cells[index] ?? '').trim();
      const text = replace === undefined ? cell : replace(cell);
      if (text === '') return '';
      return (
        findSpreadsheetDamage(name, text, isNumber) ?? (applyFormat === undefined ? text : applyFormat(text))
      );
    },
  };
}

function compileValues(values: ReadonlyMap<string, string>): (cell: string) => string {
  const inLowerCase = new Map([...values].map(([key, value]) => [key.toLowerCase(), value]));
  return (cell) => values.get(cell) ?? inLowerCase.get(cell.toLowerCase()) ?? cell;
}

/** How cells with a format are read, before they are converted to the attribute's type; undefined for most columns. */
function compileFormat(
  { date, e164, namePart }: CellFormat,
  context: ReaderContext,
): ((text: string) => string | ValueProblem) | undefined {
  if (namePart !== undefined) return (text) => partOfName(text, namePart);
  const parseDate = date === undefined ? undefined : compileDateFormat(date);
  if (parseDate !== undefined) return (text) => readDate(text, parseDate, date, context);
  if (e164 !== undefined) {
    const readPhone = context.phoneReaders().readerFor(e164);
    return (text) => toE164(text, readPhone, context);
  }
  return context.isInstant ? (text) => findDateSerial(context.name, text) ?? text : undefined;
}

function readDate(
  text: string,
  parseDate: NonNullable<ReturnType<typeof compileDateFormat>>,
  format: string | undefined,
  { name, isInstant }: ReaderContext,
): string | ValueProblem {
  const parsed = parseDate(text);
  if (parsed === undefined) {
    const message = `${name} must be a date in the format ${format}, not ${quoted(text)}.`;
    return findDateSerial(name, text) ?? { code: 'not-a-date', message };
  }
  if (isInstant) return `${parsed.date}T${parsed.time ?? '00:00:00'}Z`;
  return parsed.time === undefined ? parsed.date : `${parsed.date}T${parsed.time}`;
}

function toE164(text: string, readPhone: PhoneReader, { name }: ReaderContext): string | ValueProblem {
  const phone = readPhone(text);
  return 'e164' in phone ? phone.e164 : phoneProblem(name, `${quoted(text)} ${phone.problem}`);
}

function phoneProblem(name: string, problem: string): ValueProblem {
  return { code: 'not-a-phone-number', message: `${name} must be a phone number, but ${problem}.` };
}

function templateReader(
  text: string,
  context: ReaderContext,
): CellReader | { readonly problems: readonly string[] } {
  const template = context.compileTemplate(text);
  if ('problems' in template) return { problems: template.problems };
  const columns = template.columns
    .map((column) => context.indexOf(column))
    .filter((index) => index !== undefined);
  const [only] = columns.length === 1 ? columns : [];
  return {
    columns,
    column: only === undefined ? undefined : context.header[only],
    read(cells) {
      try {
        return template.render(cells).trim();
      } catch (error) {
        const cause = error instanceof Error && 'originalError' in error ? error.originalError : error;
        if (cause instanceof PhoneNumberError) return phoneProblem(context.name, cause.message);
        const reason = messageOf(error);
        const message = `The template for ${context.name} failed: ${reason}.`;
        return { code: 'template-failed', message };
      }
    },
  };
}
