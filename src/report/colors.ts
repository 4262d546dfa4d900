import type { Tone } from '../rows/status-table.js';

/** SGR parameters that turn each on and off again. Node's own `styleText` looks at the environment itself, and warns. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Color = keyof typeof CODES;

/** How text is colored. */
export type Colorize = (color: Color) => (text: string) => string;

/** A painter for each color, or ones that leave the text alone. */
export function createColorize(hasColors: boolean): Colorize {
  return (color) => {
    const [on, off] = CODES[color];
    return (text) => (hasColors ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  };
}

/**
 * Whether text may be colored: on a terminal, unless NO_COLOR says no; and where FORCE_COLOR says so
 * (no-color.org, force-color.org).
 */
export function supportsColor(
  { NO_COLOR: no, FORCE_COLOR: force }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return isTerminal && (no === undefined || no === '');
}

/** Undefined: the terminal's own color. */
export const TONE_COLORS: Readonly<Record<Tone, Color | undefined>> = {
  good: 'green',
  neutral: undefined,
  warning: 'yellow',
  bad: 'red',
  pending: 'yellow',
};
