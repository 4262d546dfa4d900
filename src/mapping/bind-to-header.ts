import { createColumnFinder, type BoundMapping } from './assign-columns.js';
import type { MappingFile } from './mapping-file.js';
import type { TemplateCompiler } from './template.js';
import { columnsOf, type ColumnSource, type FieldMapping } from './value-source.js';

export interface BindOptions {
  readonly header: readonly string[];
  /** An optional mapping does not use these columns. */
  readonly ignoreColumns: readonly string[];
  readonly compileTemplate: TemplateCompiler;
}

/**
 * Applies a mapping file to the columns that a file has.
 *
 * The first alternative that the file has is the column of a field. With `optional: true`, fields and columns to ignore that the file
 * does not have are left out, as is a column to ignore that is mapped. A template stays if the file has one of its columns; it reads
 * the others as empty.
 */
export function bindToHeader(
  { fields, ignore, isOptional }: MappingFile,
  { header, ignoreColumns, compileTemplate }: BindOptions,
): BoundMapping {
  const indexOf = createColumnFinder(header);
  const unused = new Set(isOptional ? ignoreColumns.map((column) => indexOf(column)) : []);
  const hasColumn = (column: string): boolean => {
    const index = indexOf(column);
    return index !== undefined && !unused.has(index);
  };

  const bindColumn = (source: ColumnSource): ColumnSource | undefined => {
    const { orElse = [], ...first } = source;
    const column = [source.column, ...orElse].find(hasColumn);
    return column === undefined && isOptional ? undefined : { ...first, column: column ?? source.column };
  };

  const absentColumns = new Set<string>();
  const bound: FieldMapping[] = [];
  for (const field of fields) {
    const { source } = field;
    if (source.kind === 'column') {
      const present = bindColumn(source);
      if (present !== undefined) bound.push({ ...field, source: present });
      continue;
    }
    if (source.kind === 'generated') {
      bound.push({ ...field, source: { ...source, column: source.column && bindColumn(source.column) } });
      continue;
    }
    if (source.kind === 'columns' && isOptional) {
      const columns = source.columns.filter(hasColumn);
      if (columns.length > 0) bound.push({ ...field, source: { ...source, columns } });
      continue;
    }
    if (source.kind === 'template' && isOptional) {
      const { columns } = compileTemplate(source.template);
      const absent = columns.filter((column) => !hasColumn(column));
      if (columns.length > 0 && absent.length === columns.length) continue;
      for (const column of absent) absentColumns.add(column);
    }
    bound.push(field);
  }
  const mapped = new Set(bound.flatMap(({ source }) => columnsOf(source).map((column) => indexOf(column))));
  return {
    fields: bound,
    ignore: isOptional
      ? ignore.filter(({ column }) => hasColumn(column) && !mapped.has(indexOf(column)))
      : ignore,
    absentColumns,
  };
}
