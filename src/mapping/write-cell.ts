import type { ProfileValue } from '../okta/types.js';
import { createFieldCompiler, type AttributeMapping } from './attribute-mapping.js';
import { createHeaderMatcher, type KnownAttributes } from './match-header.js';
import { loadPhoneReaders } from './phone.js';
import { escapeFormulaInJson, hasFormula } from '../text.js';

/** Writes the values of one attribute as cells of a CSV file. */
export interface CellWriter {
  /** The name of the column, as `import` recognizes it. */
  readonly column: string;
  /**
   * The cell that `import` reads as the value, before formulas are escaped: plain if possible, else in JSON. No value, an empty text
   * and an empty list are all an empty cell, which is left out of a request.
   */
  readonly cellOf: (value: ProfileValue | undefined) => string;
}

/**
 * Creates the writers of a set of attributes. A plain cell is used only after it has been read back as the value.
 *
 * @param isGeneratedFile - Whether `import` will recognize the file as generated and unescape its cells.
 */
export function createCellWriters(
  known: KnownAttributes,
  { isGeneratedFile }: { readonly isGeneratedFile: boolean },
): (attribute: string) => CellWriter {
  const columnOf = createColumnNamer(known);
  return (name) => {
    const attribute = compiledAttribute(name, known);
    return {
      column: columnOf(name),
      cellOf: (value) => {
        if (value === null || value === undefined || value === '') return '';
        const isList = typeof value === 'object';
        if (isList && value.length === 0) return '';
        const text = isList ? value.join(';') : String(value);
        const isPlain = !text.includes('\0') && (isGeneratedFile || !hasFormula(text));
        if (isPlain && isSame(attribute.jsonCells?.read(text), value)) return text;
        const isNumbers = isList && typeof value[0] === 'number';
        const json = JSON.stringify(isList ? value : text);
        return isNumbers ? json : escapeFormulaInJson(json);
      },
    };
  };
}

/** Names the columns of attributes: by the attribute, or by its path if the name alone means something else. */
export function createColumnNamer(known: KnownAttributes): (attribute: string) => string {
  const { pathOf } = createHeaderMatcher(known);
  return (name) => (pathOf(name) === `profile.${name}` ? name : `profile.${name}`);
}

function compiledAttribute(name: string, known: KnownAttributes): AttributeMapping {
  const compiler = createFieldCompiler({
    header: [name],
    known,
    compileTemplate: () => ({ columns: [], problems: [] }),
    phoneReaders: loadPhoneReaders,
    mappingFileName: undefined,
    emptyIsNull: false,
  });
  const field = {
    path: `profile.${name}`,
    source: { kind: 'column', column: name },
    line: undefined,
  } as const;
  const reader = compiler.compileReader(field);
  if (reader === undefined) throw new TypeError(`A column named ${name} cannot be read.`);
  return compiler.compileAttribute(field, reader);
}

function isSame(one: ProfileValue | undefined, other: ProfileValue): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return JSON.stringify(one) === JSON.stringify(other);
}
