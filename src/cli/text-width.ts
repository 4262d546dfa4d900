import type * as StringWidth from 'string-width';

import { lazyRequire } from '../lazy-require.js';

/** The columns that a text takes in a terminal, escape sequences not counted: two for a Chinese character. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  const { default: stringWidth }: typeof StringWidth = lazyRequire('string-width');
  return stringWidth(text);
}
