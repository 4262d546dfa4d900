import { createColumnFinder, type BoundMapping } from './assign-columns.js';
import type { MappingFile } from './mapping-file.js';
import type { FieldMapping } from './value-source.js';
import type { TemplateCompiler } from './template.js';

export interface BindOptions {
  readonly header: readonly string[];
  /** Columns to ignore whatever an optional mapping says. */
  readonly ignoreColumns: readonly string[];
  /** For the columns of templates. */
  readonly compileTemplate: TemplateCompiler;
}

/**
 * Fits a mapping file to the columns that a file has.
 *
 * Of alternative columns the first that is there is taken. In a mapping file that says `optional: true`, lines whose
 * columns are not there are left out, and so are columns to ignore that are not there, or that one of the lines takes;
 * a template stays as long as one of its columns is
 * there, and reads the others as empty.
 */
export function bindToHeader(
  { fields, ignore, isOptional }: MappingFile,
  { header, ignoreColumns, compileTemplate }: BindOptions,
): BoundMapping {
  const indexOf = createColumnFinder(header);
  const left = new Set(isOptional ? ignoreColumns.map((column) => indexOf(column)) : []);
  const isThere = (column: string): boolean => {
    const index = indexOf(column);
    return index !== undefined && !left.has(index);
  };

  const absentColumns = new Set<string>();
  const fitted: FieldMapping[] = [];
  for (const field of fields) {
    const { source } = field;
    if (source.kind === 'column') {
      const { orElse = [], ...first } = source;
      const column = [source.column, ...orElse].find(isThere);
      if (column !== undefined || !isOptional) {
        fitted.push({ ...field, source: { ...first, column: column ?? source.column } });
      }
      continue;
    }
    if (source.kind === 'template' && isOptional) {
      const { columns } = compileTemplate(source.template);
      const absent = columns.filter((column) => !isThere(column));
      if (columns.length > 0 && absent.length === columns.length) continue;
      for (const column of absent) absentColumns.add(column);
    }
    fitted.push(field);
  }
  const taken = new Set(
    fitted.map(({ source }) => (source.kind === 'column' ? indexOf(source.column) : undefined)),
  );
  return {
    fields: fitted,
    ignore: isOptional
      ? ignore.filter(({ column }) => isThere(column) && !taken.has(indexOf(column)))
      : ignore,
    absentColumns,
  };
}
