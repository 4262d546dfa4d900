import type { Writable } from 'node:stream';

import stringWidth from 'string-width';

/** One of the things that a status line says. */
export interface StatusPart {
  readonly text: string;
  /** The same in fewer words. */
  readonly short?: string | undefined;
  /** The rank of the short form, where brevity makes it worth more. */
  readonly shortRank?: number | undefined;
  /** Parts of the highest rank are shortened, and then left out, first; 0 stays to the last. */
  readonly rank: number;
  /** Puts color on the text; must not change its width. */
  readonly paint?: ((text: string) => string) | undefined;
}

const SEPARATOR = '  ';
const WIDTH_WITHOUT_TERMINAL = 80;

/** A line at the bottom of a terminal that is drawn over and over, in terminals of any width, also while it changes. */
export class StatusLine {
  readonly #stream: Writable & { readonly columns?: number };
  /** Of the line as drawn last; 0 when none stands there. */
  #drawnWidth = 0;

  constructor(stream: Writable & { readonly columns?: number }) {
    this.#stream = stream;
  }

  draw(parts: readonly StatusPart[]): void {
    // The last column stays free: in it some terminals break the line.
    const { text, width } = fitted(parts, this.#columns - 1);
    this.#stream.write(`${this.#eraser()}\r${text}`);
    this.#drawnWidth = width;
  }

  clear(): void {
    if (this.#drawnWidth === 0) return;
    this.#stream.write(this.#eraser());
    this.#drawnWidth = 0;
  }

  /** A terminal that has become narrower has broken the line into several. */
  #eraser(): string {
    if (this.#drawnWidth === 0) return '';
    const linesAbove = Math.ceil(this.#drawnWidth / this.#columns) - 1;
    return `${linesAbove > 0 ? `\u001b[${linesAbove}A` : ''}\r\u001b[J`;
  }

  get #columns(): number {
    // A terminal that does not know its width says 0.
    return this.#stream.columns || WIDTH_WITHOUT_TERMINAL;
  }
}

/** As many of the parts as fit, the less important ones shortened or left out. */
export function fitted(parts: readonly StatusPart[], width: number): { text: string; width: number } {
  let left = [...parts];
  while (widthOf(left) > width) {
    const worst = left.reduce((one, other) => (other.rank > one.rank ? other : one));
    if (worst.short !== undefined) {
      left = left.map((part) =>
        part === worst
          ? { ...part, text: worst.short!, short: undefined, rank: worst.shortRank ?? worst.rank }
          : part,
      );
    } else if (left.length > 1) {
      left = left.filter((part) => part !== worst);
    } else {
      const text = cut(worst.text, width);
      return { text, width: stringWidth(text) };
    }
  }
  const text = left.map((part) => part.paint?.(part.text) ?? part.text).join(SEPARATOR);
  return { text, width: widthOf(left) };
}

/** The beginning of a text, in so many columns at the most. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}

function widthOf(parts: readonly StatusPart[]): number {
  if (parts.length === 0) return 0;
  return parts.reduce((sum, { text }) => sum + stringWidth(text) + SEPARATOR.length, -SEPARATOR.length);
}
