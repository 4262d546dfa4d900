import type { Writable } from 'node:stream';

import { textWidth } from './text-width.js';

/** One item of a status line. */
export interface StatusPart {
  readonly text: string;
  /** An abbreviation. */
  readonly short?: string | undefined;
  /** Rank of the abbreviation, if it differs. */
  readonly shortRank?: number | undefined;
  /** Parts with the highest rank are abbreviated first, then omitted. */
  readonly rank: number;
  /** Colors the text; must not change its width. */
  readonly paint?: ((text: string) => string) | undefined;
}

const SEPARATOR = '  ';
const WIDTH_WITHOUT_TERMINAL = 80;

/** A line at the bottom of a terminal that is redrawn in place, even while the terminal changes its width. */
export class StatusLine {
  readonly #stream: Writable & { readonly columns?: number };
  /** Width of the line on the screen; 0 if there is none. */
  #drawnWidth = 0;

  constructor(stream: Writable & { readonly columns?: number }) {
    this.#stream = stream;
  }

  draw(parts: readonly StatusPart[]): void {
    // Some terminals wrap a line that reaches the last column.
    const { text, width } = fitParts(parts, this.#columns - 1);
    this.#stream.write(`${this.#eraser()}\r${text}`);
    this.#drawnWidth = width;
  }

  clear(): void {
    if (this.#drawnWidth === 0) return;
    this.#stream.write(this.#eraser());
    this.#drawnWidth = 0;
  }

  /** A terminal that became narrower has wrapped the line into several. */
  #eraser(): string {
    if (this.#drawnWidth === 0) return '';
    const linesAbove = Math.ceil(this.#drawnWidth / this.#columns) - 1;
    return `${linesAbove > 0 ? `\u001b[${linesAbove}A` : ''}\r\u001b[J`;
  }

  get #columns(): number {
    // Some terminals report a width of 0.
    return this.#stream.columns || WIDTH_WITHOUT_TERMINAL;
  }
}

/** Joins the parts, abbreviating or omitting the less important ones until they fit. */
export function fitParts(parts: readonly StatusPart[], width: number): { text: string; width: number } {
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
      const text = truncate(worst.text, width);
      return { text, width: textWidth(text) };
    }
  }
  const text = left.map((part) => part.paint?.(part.text) ?? part.text).join(SEPARATOR);
  return { text, width: widthOf(left) };
}

/** Cuts text to a number of columns. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += textWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}

function widthOf(parts: readonly StatusPart[]): number {
  if (parts.length === 0) return 0;
  return parts.reduce((sum, { text }) => sum + textWidth(text) + SEPARATOR.length, -SEPARATOR.length);
}
