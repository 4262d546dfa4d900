import type { Tone } from '../rows/status-table.js';

/** SGR parameters that turn each style on and off. Node's `styleText` reads the environment and prints warnings itself. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Color = keyof typeof CODES;

/** Returns a function that colors text. */
export type Colorize = (color: Color) => (text: string) => string;

/** @param isEnabled - if false, text stays as it is. */
export function createColorize(isEnabled: boolean): Colorize {
  return (color) => {
    const [on, off] = CODES[color];
    return (text) => (isEnabled ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  };
}

/** Whether to color output: on a terminal unless NO_COLOR is set, and always if FORCE_COLOR is (no-color.org, force-color.org). */
export function supportsColor(
  { NO_COLOR: noColor, FORCE_COLOR: forceColor }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (forceColor !== undefined && forceColor !== '') return forceColor !== '0' && forceColor !== 'false';
  return isTerminal && (noColor === undefined || noColor === '');
}

/** Undefined: the terminal's own color. */
export const TONE_COLORS: Readonly<Record<Tone, Color | undefined>> = {
  good: 'green',
  neutral: undefined,
  warning: 'yellow',
  bad: 'red',
  pending: 'yellow',
};
