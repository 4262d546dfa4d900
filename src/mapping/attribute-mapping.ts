import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';
import { secretPaths } from './okta-field-paths.js';
import { createColumnFinder } from './assign-columns.js';
import type { ColumnProblem, ColumnProblemCode } from './columns-error.js';
import { compileConversion, isProblem, type Converted } from './convert.js';
import { nameOf, type KnownAttributes } from './match-header.js';
import { compileJsonCells, type JsonCells } from './json-cells.js';
import { compileReader, type CellReader } from './compile-reader.js';
import { compileRecordValue, type RecordValue } from './record-value.js';
import type { CellFormat, FieldMapping, PersonAs, ValueSource } from './value-source.js';
import type { PhoneReaders } from './phone.js';
import type { TemplateCompiler } from './template.js';
import { didYouMean } from '../text.js';

/** How a row's cells become the value of one profile attribute. */
export interface AttributeMapping {
  readonly name: string;
  readonly reader: CellReader;
  /** Undefined if the text is the value. */
  readonly convert: ((text: string) => Converted) | undefined;
  /** The value for an empty cell: null clears the attribute, undefined (as usual) leaves it out. */
  readonly whenEmpty: boolean | null | undefined;
  /** The value of every row; then `reader` and `convert` are not used. */
  readonly constant: NonNullable<ProfileValue> | undefined;
  /** Undefined if the mapping file sets a format for the cells. */
  readonly jsonCells: JsonCells | undefined;
  /** The text names a person, and is replaced by a value of that person before the row is checked. */
  readonly personAs?: PersonAs | undefined;
  /** For a single column: the value of a record that is not text; undefined if its text is read instead. */
  readonly fromRecord?: ((value: RecordValue) => NonNullable<ProfileValue> | undefined) | undefined;
}

/** Compiles the mapped fields for one header. Problems are collected, and compiling continues. */
export interface FieldCompiler {
  readonly compileReader: (field: FieldMapping) => CellReader | undefined;
  readonly compileAttribute: (field: FieldMapping, reader: CellReader) => AttributeMapping;
  readonly problems: readonly ColumnProblem[];
}

export interface FieldCompilerOptions {
  readonly header: readonly string[];
  readonly known: KnownAttributes;
  readonly compileTemplate: TemplateCompiler;
  readonly phoneReaders: () => PhoneReaders;
  /** For messages. */
  readonly mappingFileName: string | undefined;
  readonly emptyIsNull: boolean;
}

export function createFieldCompiler({
  header,
  known,
  compileTemplate,
  phoneReaders,
  mappingFileName,
  emptyIsNull,
}: FieldCompilerOptions): FieldCompiler {
  const problems: ColumnProblem[] = [];
  const indexOf = createColumnFinder(header);
  const addProblem = (code: ColumnProblemCode, line: number | undefined, message: string): void => {
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
        isSecret: secretPaths.has(path),
        isInstant: attribute?.format === 'date-time',
        isNumber: attribute?.type === 'number',
      });
      if (!('problems' in reader)) return reader;
      const code = source.kind === 'template' ? 'template-invalid' : 'column-missing';
      const near = source.kind === 'column' ? didYouMean(source.column, header) : '';
      for (const problem of reader.problems) addProblem(code, line, `${name}: ${problem}${near}`);
      return undefined;
    },

    compileAttribute({ path, source, line }, reader) {
      const name = nameOf(path);
      const format: CellFormat = source.kind === 'constant' || source.kind === 'generated' ? {} : source;
      const attribute = known.attributes.get(name);
      const isText = attribute !== undefined && attribute.type !== 'array';
      if (isText && format.split !== undefined) {
        const message = `${name}: "split" makes a list, but ${name} takes a single value. Remove "split", or use a template for one of the parts, such as {{ row["…"] | split: ";" | first }}.`;
        addProblem('split-unused', line, message);
      }
      const convert = compileConversion(name, attribute, format);
      const whenEmpty = format.booleanWords?.get('') ?? (emptyIsNull ? null : undefined);
      const mapping = { name, reader, convert, whenEmpty, constant: undefined, jsonCells: undefined };
      if (source.kind !== 'constant') {
        const personAs = source.kind === 'column' ? source.personAs : undefined;
        if (personAs !== undefined) return { ...mapping, convert: undefined, personAs };
        const isAsItIs = source.kind === 'column' && source.values === undefined;
        const fromRecord = isAsItIs ? compileRecordValue(attribute) : undefined;
        return { ...mapping, jsonCells: jsonCellsOf(source, mapping, attribute), fromRecord };
      }
      const { value } = source;
      const constant = typeof value === 'string' ? (convert?.(value) ?? value) : value;
      if (!isProblem(constant)) return { ...mapping, constant };
      addProblem('constant-invalid', line, constant.message);
      return mapping;
    },
  };
}

/** For columns without a format; lists may have a separator. */
function jsonCellsOf(
  source: ValueSource,
  { name, reader, convert }: Pick<AttributeMapping, 'name' | 'reader' | 'convert'>,
  attribute: UserSchemaAttribute | undefined,
): JsonCells | undefined {
  if (source.kind !== 'column') return undefined;
  const { date, e164, decimal, booleanWords, split, namePart, values } = source;
  const formats = [date, e164, decimal, booleanWords, namePart, values];
  if (formats.some((format) => format !== undefined)) return undefined;
  const [index = 0] = reader.columns;
  const probe: string[] = [];
  return compileJsonCells(attribute?.type ?? (split === undefined ? 'string' : 'array'), (cell) => {
    probe[index] = cell;
    const text = reader.read(probe);
    if (typeof text !== 'string' || text === '') return undefined;
    const value = convert === undefined ? text : convert(text);
    if (isProblem(value)) return undefined;
    return normalizedAttributes.includes(name) && typeof value === 'string' ? value.normalize('NFC') : value;
  });
}

/** Attributes that are sent in Unicode's composed form (NFC). */
export const normalizedAttributes: readonly string[] = ['login', 'email'];

export function splitOf(source: ValueSource | undefined): CellFormat['split'] {
  return source === undefined || source.kind === 'constant' || source.kind === 'generated'
    ? undefined
    : source.split;
}
