import type { Position } from './check-model.js';

interface Size {
  readonly rows: number;
  readonly columns: number;
  /** Rows of a screen. */
  readonly page: number;
}

/** Where a key leads; undefined for a key that does not move. */
export function positionAfter(
  { key, ctrlKey, metaKey, altKey }: KeyboardEvent,
  { index, column }: Position,
  { rows, columns, page }: Size,
): Position | undefined {
  if (altKey) return undefined;
  const isFar = ctrlKey || metaKey;
  switch (key) {
    case 'ArrowDown':
      return { index: isFar ? rows - 1 : index + 1, column };
    case 'ArrowUp':
      return { index: isFar ? 0 : index - 1, column };
    case 'ArrowRight':
      return { index, column: isFar ? columns - 1 : column + 1 };
    case 'ArrowLeft':
      return { index, column: isFar ? 0 : column - 1 };
    case 'PageDown':
      return { index: index + page, column };
    case 'PageUp':
      return { index: index - page, column };
    case 'Home':
      return { index: isFar ? 0 : index, column: 0 };
    case 'End':
      return { index: isFar ? rows - 1 : index, column: columns - 1 };
    default:
      return undefined;
  }
}

/** Whether a key writes a character. */
export function isTyping({ key, ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent): boolean {
  return !isComposing && !ctrlKey && !metaKey && !altKey && Array.from(key).length === 1;
}
