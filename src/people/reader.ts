import { compileDateFormat } from './date-format.js';
import type { Complaint } from './problem.js';
import { quoted } from './quoted.js';
import type { Source } from './source.js';
import type { TemplateCompiler } from './template.js';

/** Reads one value out of a row's cells. */
export interface Reader {
  /** Indexes of the columns that it reads. */
  readonly columns: readonly number[];
  /** The column that problems are about; undefined for a constant, and for a template over several columns. */
  readonly column: string | undefined;
  /** The text, trimmed unless it is a secret; '' when the row has none. */
  read(cells: readonly string[]): string | Complaint;
}

/** What a source is compiled against. */
export interface ReaderContext {
  readonly header: readonly string[];
  readonly indexOf: (column: string) => number | undefined;
  readonly compileTemplate: TemplateCompiler;
  /** How messages call the value: `startDate`. */
  readonly name: string;
  /** Secrets keep their white space: it may be part of them. */
  readonly isSecret: boolean;
  /** Dates as RFC 3339 instants, for attributes of format `date-time`. */
  readonly isInstant: boolean;
}

/** Compiles a source for one header; what cannot be had from this header comes back as faults. */
export function compileReader(
  source: Source,
  context: ReaderContext,
): Reader | { readonly faults: readonly string[] } {
  switch (source.kind) {
    case 'constant': {
      const text = Array.isArray(source.value) ? source.value.join(';') : String(source.value);
      return { columns: [], column: undefined, read: () => text };
    }
    case 'template':
      return templateReader(source.template, context);
    case 'column': {
      const index = context.indexOf(source.column);
      if (index === undefined) return { faults: [`The file has no column "${source.column}".`] };
      return columnReader(index, source.date, context);
    }
    default:
      return source satisfies never;
  }
}

function columnReader(index: number, date: string | undefined, context: ReaderContext): Reader {
  const where = { columns: [index], column: context.header[index] };
  const parseDate = date === undefined ? undefined : compileDateFormat(date);
  if (parseDate !== undefined) {
    return { ...where, read: (cells) => readDate((cells[index] ?? '').trim(), parseDate, date, context) };
  }
  if (!context.isSecret) return { ...where, read: (cells) => (cells[index] ?? '').trim() };
  return {
    ...where,
    read(cells) {
      const cell = cells[index] ?? '';
      return cell.trim() === '' ? '' : cell;
    },
  };
}

function readDate(
  text: string,
  parseDate: NonNullable<ReturnType<typeof compileDateFormat>>,
  format: string | undefined,
  { name, isInstant }: ReaderContext,
): string | Complaint {
  if (text === '') return '';
  const parsed = parseDate(text);
  if (parsed === undefined) {
    return { code: 'not-a-date', message: `${name} is a date written ${format}, not ${quoted(text)}.` };
  }
  if (isInstant) return `${parsed.date}T${parsed.time ?? '00:00:00'}Z`;
  return parsed.time === undefined ? parsed.date : `${parsed.date}T${parsed.time}`;
}

function templateReader(
  text: string,
  context: ReaderContext,
): Reader | { readonly faults: readonly string[] } {
  const template = context.compileTemplate(text);
  if ('faults' in template) return { faults: template.faults };
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
        const reason = error instanceof Error ? error.message : String(error);
        return {
          code: 'template-failed',
          message: `The template of ${context.name} cannot be filled in: ${reason}.`,
        };
      }
    },
  };
}
