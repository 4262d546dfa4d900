import type { ProfileValue, UserSchemaAttribute } from '../okta/types.js';

/** What a record may hold besides text. */
export type RecordValue = number | boolean | readonly (string | number | boolean)[];

/**
 * Compiles how a record's value becomes the attribute's without a detour over text, in which a list would be split at the
 * separators in its items, and a number read with the decimal separator of the mapping file.
 *
 * @returns undefined for a value of another type than the attribute's: its text is read as a cell then.
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
