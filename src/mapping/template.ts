import { createRequire } from 'node:module';
import type * as LiquidModule from 'liquidjs';
import type { Liquid } from 'liquidjs';
import { asciiLanguages, slugify, toAscii } from './ascii.js';
import { loadPhoneReaders, PhoneNumberError, type PhoneReaders } from './phone.js';
import { didYouMean, messageOf, quoted } from '../text.js';

/** A template that fits the header: every column that it names is there. */
interface Template {
  /** The columns that it reads, in the order in which it names them. */
  readonly columns: readonly string[];
  /**
   * Fills it in from the trimmed cells of one row.
   *
   * @throws {Error} A name that only turns out unknown now, or a template that outgrows its limits.
   */
  render(cells: readonly string[]): string;
}

/** A template that does not fit, or is none. */
interface InvalidTemplate {
  readonly columns: readonly string[];
  readonly problems: readonly string[];
}

export type TemplateCompiler = (template: string) => Template | InvalidTemplate;

export interface TemplateOptions {
  /** Columns that the file may lack: a template reads them as empty. */
  readonly optionalColumns?: ReadonlySet<string> | undefined;
  readonly phoneReaders?: (() => PhoneReaders) | undefined;
}

/** Far above what a name or an address needs, far below what would slow an import down or fill the memory. */
const LIMITS = { parseLimit: 10_000, renderLimit: 250, memoryLimit: 100_000 };

/**
 * Compiles Liquid templates over the columns of one header: `{{ row["Given Name"] }}`, or `{{ Surname }}` for a column
 * whose name is an identifier. Templates reach nothing else: no file, no include, no property of JavaScript's objects.
 *
 * Beside Liquid's own filters there are `transliterate` (ASCII letters), `slugify` (ASCII for logins; both take a
 * language, `"de"` for `ue`), and `e164` (a phone number, by default of the country that it is given).
 */
export function createTemplateCompiler(
  header: readonly string[],
  { optionalColumns = new Set(), phoneReaders = loadPhoneReaders }: TemplateOptions = {},
): TemplateCompiler {
  let loaded: Liquid | undefined;
  const liquid = (): Liquid => (loaded ??= loadLiquid(phoneReaders));
  const names = header.map((name) => name.trim());

  let scopeCells: readonly string[] | undefined;
  let scope: Record<string, unknown> = {};
  /** The row as Liquid sees it, made once for all templates of the row. */
  const scopeOf = (cells: readonly string[]): Record<string, unknown> => {
    if (cells !== scopeCells) {
      const row: Record<string, string> = Object.create(null);
      for (const name of optionalColumns) row[name] = '';
      for (const [index, name] of names.entries()) row[name] = (cells[index] ?? '').trim();
      scope = Object.assign(Object.create(null), row, { row });
      scopeCells = cells;
    }
    return scope;
  };

  return (text) => {
    const engine = liquid();
    try {
      const template = engine.parse(text);
      const variables = engine.globalVariableSegmentsSync(template);
      const columns = [...new Set(variables.flatMap((segments) => columnsIn(segments)))];
      const problems = columns
        .filter((column) => !names.includes(column) && !optionalColumns.has(column))
        .map((column) => `The file has no column "${column}".${didYouMean(column, names)}`);
      problems.push(...argumentProblems(text, phoneReaders));
      if (problems.length > 0) return { columns, problems };
      return { columns, render: (cells) => String(engine.renderSync(template, scopeOf(cells))) };
    } catch (error) {
      const reason = messageOf(error);
      return { columns: [], problems: [`The template is not right: ${reason}.`] };
    }
  };
}

/** The columns in one variable's segments: `['row', 'E-mail']`, `['Surname']`, `['row', ['Which']]`. */
function columnsIn(segments: readonly unknown[]): readonly string[] {
  const [first, second] = segments;
  const nested = segments.filter((segment) => Array.isArray(segment)).flatMap((inner) => columnsIn(inner));
  if (first !== 'row') return [...(typeof first === 'string' ? [first] : []), ...nested];
  return [...(typeof second === 'string' ? [second] : []), ...nested];
}

/** Loads Liquid, which takes longer than all the rest of a small file: only when a mapping has a template. */
function loadLiquid(phoneReaders: () => PhoneReaders): Liquid {
  const require = createRequire(import.meta.url);
  const { Liquid } = require('liquidjs') as typeof LiquidModule;
  const engine = new Liquid({
    ...LIMITS,
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
  });
  registerFilters(engine, phoneReaders);
  return engine;
}

function registerFilters(engine: Liquid, phoneReaders: () => PhoneReaders): void {
  let readers: PhoneReaders | undefined;
  engine.registerFilter('transliterate', (text: unknown, language: unknown) =>
    toAscii(textOf(text), textOf(language).toLowerCase() || undefined),
  );
  engine.registerFilter('slugify', (text: unknown, language: unknown) =>
    slugify(textOf(text), textOf(language).toLowerCase() || undefined),
  );
  engine.registerFilter('e164', (value: unknown, country: unknown) => {
    const text = textOf(value).trim();
    if (text === '') return '';
    readers ??= phoneReaders();
    const phone = readers.readerFor(textOf(country).trim().toUpperCase() || undefined)(text);
    if ('problem' in phone) throw new PhoneNumberError(`${quoted(text)} ${phone.problem}`);
    return phone.e164;
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Countries and languages that are written out in a template and do not exist: else every row would say so. */
function argumentProblems(template: string, phoneReaders: () => PhoneReaders): readonly string[] {
  return [...template.matchAll(/\|\s*(e164|slugify|transliterate)\s*:\s*(["'])(.*?)\2/g)].flatMap(
    ([, filter = '', , argument = '']) => {
      if (filter === 'e164') {
        return phoneReaders().isCountry(argument.toUpperCase())
          ? []
          : [`e164 takes a country's two letters, such as "DE", not ${quoted(argument)}.`];
      }
      return asciiLanguages.includes(argument.toLowerCase())
        ? []
        : [
            `${filter} knows the languages ${asciiLanguages.join(' and ')}, not ${quoted(argument)}: leave it out.`,
          ];
    },
  );
}
