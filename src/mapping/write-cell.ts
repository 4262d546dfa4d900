import type { ProfileValue } from '../okta/types.js';
import { createFieldCompiler, type AttributeMapping } from './attribute-mapping.js';
import { createHeaderMatcher, type KnownAttributes } from './match-header.js';
import { loadPhoneReaders } from './phone.js';
import { isFormulaStart } from '../text.js';

/** Writes values of one attribute as the cells of a CSV. */
export interface CellWriter {
  /** The name of the column, which `import` recognises. */
  readonly column: string;
  /**
   * The cell that is read back as the value, before formulas are escaped: plain where that is enough, else as a
   * jsonValue. Nothing, an empty text and an empty list are an empty cell alike: that is left out of a request.
   */
  readonly cellOf: (value: ProfileValue | undefined) => string;
}

/**
 * Makes the writers of a set of attributes. Each value is read back as `import` reads it before its cell is given out.
 *
 * @param isGeneratedFile - Whether the file's header will show that it is ours, so that escaped cells are restored.
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
        const isPlain = !text.includes('\0') && (isGeneratedFile || !isFormulaStart(text));
        if (isPlain && isSame(attribute.jsonCells?.read(text), value)) return text;
        return JSON.stringify(isList ? value : text);
      },
    };
  };
}

/** How a header row calls an attribute: by its name, or by its path when the name means something else there, or nothing. */
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
  if (reader === undefined) throw new TypeError(`There is no reading a column named ${name}.`);
  return compiler.compileAttribute(field, reader);
}

function isSame(one: ProfileValue | undefined, other: ProfileValue): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  return JSON.stringify(one) === JSON.stringify(other);
}
