import { numberText } from './numbers.js';

/** What the lines of a file are called: people who have a workbook look for the row of its sheet. */
export function lineLabel(isWorkbook: boolean): string {
  return isWorkbook ? 'Sheet row' : 'Line';
}

/** `Line 7`, `Sheet row 7` */
export function lineText(isWorkbook: boolean, line: number): string {
  return `${lineLabel(isWorkbook)} ${numberText(line)}`;
}
