import { readFileSync } from 'node:fs';
import type { Row } from '../../src/rows/row.js';
import type { UserSchemaAttribute } from '../../src/okta/types.js';
import { parseMappingFile, type MappingFile } from '../../src/mapping/mapping-file.js';
import { compileMapping, type Mapping, type MappingOptions } from '../../src/mapping/mapping.js';
import { toUserRequest, type MappedRow } from '../../src/mapping/user-request.js';
import { baseSchema } from '../../src/validation/user-schema.js';

const customAttributes: Readonly<Record<string, UserSchemaAttribute>> = {
  badgeNumber: { title: 'Badge', type: 'string', unique: 'UNIQUE_VALIDATED' },
  shirtSize: {
    title: 'Shirt',
    type: 'string',
    enum: ['S', 'M', 'L'],
    oneOf: [
      { const: 'S', title: 'Small' },
      { const: 'M', title: 'Medium' },
      { const: 'L', title: 'Large' },
    ],
  },
  skills: { title: 'Skills', type: 'array', items: { type: 'string' } },
  levels: {
    title: 'Levels',
    type: 'array',
    items: {
      type: 'integer',
      enum: [1, 2],
      oneOf: [
        { const: 1, title: 'One' },
        { const: 2, title: 'Two' },
      ],
    },
  },
  remote: { title: 'Remote', type: 'boolean' },
  score: { title: 'Score', type: 'number' },
  grade: { title: 'Grade', type: 'integer', minimum: 1, maximum: 9 },
  startDate: { title: 'Start date', type: 'string' },
  hiredAt: { title: 'Hired at', type: 'string', format: 'date-time' },
};

export const orgAttributes: Readonly<Record<string, UserSchemaAttribute>> = {
  ...baseSchema.attributes,
  ...customAttributes,
};

/** A mapping that knows the org's schema, custom attributes included, unless the options say otherwise. */
export function mappingOf(header: readonly string[], options: Partial<MappingOptions> = {}): Mapping {
  return compileMapping(header, { attributes: orgAttributes, isOrgSchema: true, ...options });
}

/** A mapping without an org: only the base attributes are known. */
export function offlineMappingOf(header: readonly string[], options: Partial<MappingOptions> = {}): Mapping {
  return compileMapping(header, { attributes: baseSchema.attributes, isOrgSchema: false, ...options });
}

export function row(cells: readonly string[], place: Partial<Row> = {}): Row {
  return { row: 1, line: 2, cells, ...place };
}

/** One row of a file with these columns, mapped. */
export function mapped(
  cellByColumn: Readonly<Record<string, string>>,
  options: Partial<MappingOptions> = {},
): MappedRow {
  return toUserRequest(row(Object.values(cellByColumn)), mappingOf(Object.keys(cellByColumn), options));
}

export function mappingFile(name: string): MappingFile {
  return parseMappingFile(readFileSync(`fixtures/mappings/${name}`, 'utf8'), name);
}
