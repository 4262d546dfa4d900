import type { ValueProblem } from '../rows/problem.js';

/** One check of one value: what is wrong with it, or undefined. `name` is how messages call the attribute. */
export type Check<Value> = (value: Value) => ValueProblem | undefined;

/** The first character that Okta cannot store (above U+FFFF: emoji, some CJK), or undefined. */
export function unsupportedCharacter(text: string): string | undefined {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // Surrogates stand for the code points above U+FFFF, and alone for nothing at all.
    if (unit >= 0xd800 && unit <= 0xdfff) return String.fromCodePoint(text.codePointAt(index) ?? unit);
  }
  return undefined;
}

/** `U+1F600` */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
