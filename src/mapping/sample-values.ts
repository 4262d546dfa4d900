import type { HeaderField } from './header-names/language-names.js';

const HONORIFICS =
  /^(?:dr|prof|mr|mrs|ms|miss|mx|herr|frau|hr|fr|m|mme|mlle|sr|sra|srta|sig|dott|ing|mag|dipl|drs|ir|pan|pani)\b[\s.]*/iu;

/** Which of two fields the values are of, as far as their form tells: `Dr.` is no job title, `000102` no login. */
export function fieldByValues(
  fields: readonly HeaderField[],
  cells: readonly string[],
): HeaderField | undefined {
  const values = cells.filter((cell) => cell !== '');
  if (fields.length !== 2 || values.length === 0) return undefined;
  const areMost = (test: RegExp): boolean =>
    values.filter((value) => test.test(value)).length > values.length / 2;
  const other = (field: HeaderField): HeaderField | undefined => fields.find((one) => one !== field);
  if (fields.includes('honorificPrefix')) {
    if (areMost(HONORIFICS)) return 'honorificPrefix';
    return values.some((value) => HONORIFICS.test(value)) ? undefined : other('honorificPrefix');
  }
  if (fields.includes('login')) {
    if (areMost(/@/)) return 'login';
    return areMost(/^\d+$/) ? other('login') : undefined;
  }
  return undefined;
}

/** Whether most cells contain the name of the same row: `Ann Lee` beside `Ann`. */
export function sharesNames(cells: readonly string[], names: readonly string[]): boolean {
  const filled = cells.flatMap((cell, index) => {
    const name = names[index]?.toLowerCase() ?? '';
    return cell === '' || name === '' ? [] : [{ cell: cell.toLowerCase(), name }];
  });
  const shared = filled.filter(
    ({ cell, name }) => cell.length > name.length && cell.split(/[\s,]+/).includes(name),
  );
  return shared.length > filled.length / 2;
}
