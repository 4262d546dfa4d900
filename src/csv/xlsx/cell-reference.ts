/** Where a cell is: the number of its row, from 1, and the index of its column, from 0. */
export interface CellPosition {
  readonly row: number;
  readonly column: number;
}

const REFERENCE = /^([A-Z]{1,3})(\d{1,7})$/;

/** Parses a reference such as `AB12`; undefined if it is invalid. */
export function parseCellReference(reference: string): CellPosition | undefined {
  const [, letters, digits] = REFERENCE.exec(reference) ?? [];
  return letters === undefined ? undefined : { row: Number(digits), column: columnIndex(letters) };
}

/** Index of the column of a reference; NaN if it is invalid. */
export function columnOf(reference: string): number {
  const letters = REFERENCE.exec(reference)?.[1];
  return letters === undefined ? Number.NaN : columnIndex(letters);
}

/** The letters of a column: `AB` for the index 27. */
export function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}

function columnIndex(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
