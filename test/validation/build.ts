import type { UserSchema, UserSchemaAttribute } from '../../src/okta/types.js';
import type { Problem } from '../../src/rows/problem.js';
import { createRowValidator, type RowValidatorOptions } from '../../src/validation/validate-row.js';
import { baseSchema, profileSchemaOf, type ProfileSchema } from '../../src/validation/user-schema.js';
import { mappingOf, offlineMappingOf, row } from '../mapping/build.js';
import { toUserRequest } from '../../src/mapping/user-request.js';

export const ada = {
  login: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Byron',
  email: 'ada@example.com',
};

/** An org whose schema is the base schema and these custom attributes. */
export function orgSchema(
  custom: Readonly<Record<string, UserSchemaAttribute>>,
  base: Readonly<Record<string, UserSchemaAttribute>> = {},
): ProfileSchema {
  const definitions: UserSchema['definitions'] = {
    base: { properties: { ...baseSchema.attributes, ...base }, required: baseSchema.required },
    custom: { properties: custom, required: [] },
  };
  return profileSchemaOf({ definitions });
}

type Cells = Readonly<Record<string, string>>;

export interface CheckSetup extends Partial<RowValidatorOptions> {
  /** The only schema of the org; without one the check is offline. */
  readonly schema?: ProfileSchema;
  /** Numbers of the rows that an earlier process of the run has settled. */
  readonly settled?: readonly number[];
}

/** Validates the rows of one file, on lines 2, 3, ... All have the columns of the first. */
export function checkAll(
  rows: readonly Cells[],
  { schema, settled = [], ...options }: CheckSetup = {},
): readonly (readonly Problem[])[] {
  const header = Object.keys(rows[0] ?? {});
  const mapping =
    schema === undefined ? offlineMappingOf(header) : mappingOf(header, { attributes: schema.attributes });
  const validate = createRowValidator({
    schemaFor: () => schema ?? baseSchema,
    activate: true,
    changePassword: false,
    columnOf: mapping.columnOf,
    isOrgSchema: schema !== undefined,
    ...options,
  });
  return rows.map((cells, index) => {
    const place = { row: index + 1, line: index + 2 };
    return validate(
      toUserRequest(
        row(
          header.map((column) => cells[column] ?? ''),
          place,
        ),
        mapping,
      ),
      { isSettled: settled.includes(place.row) },
    );
  });
}

/** The warnings for the rows of one file, row by row. */
export function warningsOf(rows: readonly Cells[], setup: CheckSetup = {}): readonly (readonly Problem[])[] {
  const warnings: Problem[][] = rows.map(() => []);
  checkAll(rows, { ...setup, onWarning: (warning, { row }) => warnings[row.row - 1]?.push(warning) });
  return warnings;
}

/** The problems of Ada's row with these cells changed. */
export function check(cells: Cells, setup: CheckSetup = {}): readonly Problem[] {
  return checkAll([{ ...ada, ...cells }], setup)[0] ?? [];
}

export function codes(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code }) => code);
}
