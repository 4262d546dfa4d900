import type * as LiquidModule from 'liquidjs';
import type { Liquid } from 'liquidjs';
import { lazyRequire } from '../lazy-require.js';
import { asciiLanguages, createTransliterator, slugify } from './ascii.js';
import { loadPhoneReaders, PhoneNumberError, type PhoneReaders } from './phone.js';
import { LIMITS, limitedContext, limitedOperators, limitFilters, limitOutput } from './template-limits.js';
import { didYouMean, listOf, messageOf, quoted } from '../text.js';

/** A template whose columns are all in the header. */
interface Template {
  /** The columns it reads, in its order. */
  readonly columns: readonly string[];
  /**
   * Renders it for one row.
   *
   * @throws {Error} An unknown name that could not be detected before, or a limit that is exceeded.
   */
  render(cells: readonly string[]): string;
}

interface InvalidTemplate {
  readonly columns: readonly string[];
  readonly problems: readonly string[];
}

export type TemplateCompiler = (template: string) => Template | InvalidTemplate;

export interface TemplateOptions {
  /** Columns that are read as empty if the file does not have them. */
  readonly optionalColumns?: ReadonlySet<string> | undefined;
  readonly phoneReaders?: (() => PhoneReaders) | undefined;
}

/**
 * Compiles Liquid templates for the columns of one header: `{{ row["Given Name"] }}`, or `{{ Surname }}` for a column whose name is
 * an identifier. Templates can access nothing else: no files, no includes, no properties of JavaScript objects.
 *
 * In addition to Liquid's filters there are `transliterate` (to ASCII letters), `slugify` (to ASCII for logins; both take a
 * language, `"de"` for `ue`), and `e164` (phone numbers; takes a default country).
 */
export function createTemplateCompiler(
  header: readonly string[],
  { optionalColumns = new Set(), phoneReaders = loadPhoneReaders }: TemplateOptions = {},
): TemplateCompiler {
  let loaded: LoadedLiquid | undefined;
  const liquid = (): LoadedLiquid => (loaded ??= loadLiquid(phoneReaders));
  const names = header.map((name) => name.trim());

  let scopeCells: readonly string[] | undefined;
  let scope: Record<string, unknown> = {};
  /** Liquid's variables, made once for all templates of a row. */
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
    const { module, engine } = liquid();
    try {
      const template = engine.parse(text);
      const variables = engine.globalVariableSegmentsSync(template);
      const columns = [...new Set(variables.flatMap((segments) => columnsIn(segments)))];
      const problems = columns
        .filter((column) => !names.includes(column) && !optionalColumns.has(column))
        .map((column) => `The file has no column "${column}".${didYouMean(column, names)}`);
      problems.push(...argumentProblems(text, phoneReaders));
      if (problems.length > 0) return { columns, problems };
      return {
        columns,
        render: (cells) =>
          String(engine.renderSync(template, limitedContext(module, engine, scopeOf(cells)))),
      };
    } catch (error) {
      const reason = messageOf(error);
      return { columns: [], problems: [`The template is invalid: ${reason}.`] };
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

interface LoadedLiquid {
  readonly module: typeof LiquidModule;
  readonly engine: Liquid;
}

function loadLiquid(phoneReaders: () => PhoneReaders): LoadedLiquid {
  const module: typeof LiquidModule = lazyRequire('liquidjs');
  const engine = new module.Liquid({
    ...LIMITS,
    operators: limitedOperators(module),
    outputEscape: limitOutput,
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
  });
  registerFilters(engine, phoneReaders);
  limitFilters(engine);
  return { module, engine };
}

function registerFilters(engine: Liquid, phoneReaders: () => PhoneReaders): void {
  let readers: PhoneReaders | undefined;
  const transliterate = createTransliterator();
  const toAscii = (text: unknown, language: unknown): string =>
    transliterate(textOf(text), textOf(language).toLowerCase() || undefined);
  engine.registerFilter('transliterate', toAscii);
  engine.registerFilter('slugify', (text: unknown, language: unknown) => slugify(toAscii(text, language)));
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

/** Unknown countries and languages that are literals of the template, so that not every row has the same problem. */
function argumentProblems(template: string, phoneReaders: () => PhoneReaders): readonly string[] {
  return [...template.matchAll(/\|\s*(e164|slugify|transliterate)\s*:\s*(["'])(.*?)\2/g)].flatMap(
    ([, filter = '', , argument = '']) => {
      if (filter === 'e164') {
        return phoneReaders().isCountry(argument.toUpperCase())
          ? []
          : [`e164 takes a two-letter country code, such as "DE", not ${quoted(argument)}.`];
      }
      return asciiLanguages.includes(argument.toLowerCase())
        ? []
        : [
            `${filter} supports the languages ${listOf(asciiLanguages.map(quoted))}, not ${quoted(argument)}.`,
          ];
    },
  );
}
