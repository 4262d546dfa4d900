/** SGR parameters that turn each on and off again. Node's own `styleText` looks at the environment itself, and warns. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Colour = keyof typeof CODES;

/** How text is coloured. */
export type Painter = (colour: Colour) => (text: string) => string;

/** A painter for each colour, or ones that leave the text alone. */
export function colouring(hasColours: boolean): Painter {
  return (colour) => {
    const [on, off] = CODES[colour];
    return (text) => (hasColours ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  };
}

/**
 * Whether text may be coloured: on a terminal, unless NO_COLOR says no; and where FORCE_COLOR says so
 * (no-color.org, force-color.org).
 */
export function hasColours(
  { NO_COLOR: no, FORCE_COLOR: force }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return isTerminal && (no === undefined || no === '');
}
