import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';

/** Values of a library record that are not text. */
export type RecordValue = number | boolean | readonly (string | number | boolean)[];

/**
 * Compiles how a record's value becomes the attribute's, not by way of its text: there, a list would be split at separators within
 * its items, and a number would be read with the decimal separator of the mapping file.
 *
 * The returned function returns undefined for a value of another type than the attribute's. Its text is then read as a cell.
 */
export function compileRecordValue(
  attribute: UserSchemaAttribute | undefined,
): (value: RecordValue) => NonNullable<ProfileValue> | undefined {
  const type = attribute?.type;
  const isNumeric = type === 'number' || type === 'integer';
  const hasNumbers = attribute?.items?.type === 'number' || attribute?.items?.type === 'integer';
  return (value) => {
    if (typeof value === 'number') return isNumeric ? value : undefined;
    if (typeof value === 'boolean') return type === 'boolean' ? value : undefined;
    const numbers = value.filter((item) => typeof item === 'number');
    return hasNumbers && numbers.length === value.length ? numbers : value.map(String);
  };
}
