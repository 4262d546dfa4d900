import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';
import { secretFields } from './okta-field-paths.js';
import { createColumnFinder } from './assign-columns.js';
import type { ColumnProblem, ColumnProblemCode } from './columns-error.js';
import { compileConversion, isFailure, type Converted } from './convert.js';
import { nameOf, type KnownAttributes } from './match-header.js';
import { compileLiterals, type Literals } from './json-cells.js';
import { compileReader, type Reader } from './compile-reader.js';
import type { CellFormat, Feed, Source } from './value-source.js';
import type { PhoneReaders } from './phone.js';
import type { TemplateCompiler } from './template.js';
import { didYouMean } from '../text.js';

/** One profile attribute, and how a row's cells become its value. */
export interface AttributeFeed {
  readonly name: string;
  readonly reader: Reader;
  /** Undefined when the text is the value. */
  readonly convert: ((text: string) => Converted) | undefined;
  /** What an empty cell says: null to empty the attribute; undefined for nothing, as is usual. */
  readonly whenEmpty: boolean | null | undefined;
  /** The same for every row: then neither reader nor conversion are asked. */
  readonly constant: NonNullable<ProfileValue> | undefined;
  /** Cells that need no conversion; undefined where the mapping file says how cells are written. */
  readonly literals: Literals | undefined;
}

/** Compiles what feeds the values of one header. Whatever does not fit is noted, and compiling goes on. */
export interface FeedCompiler {
  readonly compileReader: (feed: Feed) => Reader | undefined;
  readonly compileAttribute: (feed: Feed, reader: Reader) => AttributeFeed;
  readonly problems: readonly ColumnProblem[];
}

export interface FeedCompilerOptions {
  readonly header: readonly string[];
  readonly known: KnownAttributes;
  readonly compileTemplate: TemplateCompiler;
  readonly phoneReaders: () => PhoneReaders;
  /** For messages. */
  readonly mappingFileName: string | undefined;
  readonly emptyIsNull: boolean;
}

export function createFeedCompiler({
  header,
  known,
  compileTemplate,
  phoneReaders,
  mappingFileName,
  emptyIsNull,
}: FeedCompilerOptions): FeedCompiler {
  const problems: ColumnProblem[] = [];
  const indexOf = createColumnFinder(header);
  const refuse = (code: ColumnProblemCode, line: number | undefined, message: string): undefined => {
    const where = line === undefined ? '' : `${mappingFileName}:${line}: `;
    problems.push({ code, column: undefined, message: where + message });
  };

  return {
    problems,

    compileReader({ path, source, line }) {
      const name = nameOf(path);
      const attribute = known.attributes.get(name);
      const reader = compileReader(source, {
        header,
        indexOf,
        compileTemplate,
        phoneReaders,
        name,
        isSecret: secretFields.has(path),
        isInstant: attribute?.format === 'date-time',
        isNumber: attribute?.type === 'number',
      });
      if (!('faults' in reader)) return reader;
      const code = source.kind === 'template' ? 'template-invalid' : 'column-missing';
      const near = source.kind === 'column' ? didYouMean(source.column, header) : '';
      for (const fault of reader.faults) refuse(code, line, `${name}: ${fault}${near}`);
      return undefined;
    },

    compileAttribute({ path, source, line }, reader) {
      const name = nameOf(path);
      const format: CellFormat = source.kind === 'constant' ? {} : source;
      const convert = compileConversion(name, known.attributes.get(name), format);
      const whenEmpty = format.words?.get('') ?? (emptyIsNull ? null : undefined);
      const feed = { name, reader, convert, whenEmpty, constant: undefined, literals: undefined };
      if (source.kind !== 'constant') {
        return { ...feed, literals: literalsOf(source, feed, known.attributes.get(name)) };
      }
      const { value } = source;
      const constant = typeof value === 'string' ? (convert?.(value) ?? value) : value;
      if (!isFailure(constant)) return { ...feed, constant };
      refuse('constant-invalid', line, constant.message);
      return feed;
    },
  };
}

/** Literals of a column whose cells are written as usual; lists may have a separator of their own. */
function literalsOf(
  source: Source,
  { name, reader, convert }: Pick<AttributeFeed, 'name' | 'reader' | 'convert'>,
  attribute: UserSchemaAttribute | undefined,
): Literals | undefined {
  if (source.kind !== 'column') return undefined;
  const { date, e164, decimal, words, split } = source;
  if ([date, e164, decimal, words].some((format) => format !== undefined)) return undefined;
  const [index = 0] = reader.columns;
  const probe: string[] = [];
  return compileLiterals(attribute?.type ?? (split === undefined ? 'string' : 'array'), (cell) => {
    probe[index] = cell;
    const text = reader.read(probe);
    if (typeof text !== 'string' || text === '') return undefined;
    const value = convert === undefined ? text : convert(text);
    if (isFailure(value)) return undefined;
    return normalisedAttributes.includes(name) && typeof value === 'string' ? value.normalize('NFC') : value;
  });
}

/** Attributes whose accents are composed with their letters (NFC) before they are sent. */
export const normalisedAttributes: readonly string[] = ['login', 'email'];

/** What the mapping file says separates the parts of a cell. */
export function splitOf(source: Source | undefined): string | undefined {
  return source === undefined || source.kind === 'constant' ? undefined : source.split;
}
