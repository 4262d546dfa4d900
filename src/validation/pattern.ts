import type * as Re2 from 're2js';

import { lazyRequire } from '../lazy-require.js';

/** Steps that one match may take: states of the compiled pattern, times characters of the text. A few milliseconds. */
const MAX_STEPS = 100_000;
const MAX_TEXT = 1000;
/** Repetitions are unrolled by compiling. Sum of the numbers in braces. */
const MAX_REPETITIONS = 1000;
const MAX_PATTERN = 1000;

/**
 * Compiles the `pattern` of a custom attribute, unanchored as in JSON Schema.
 *
 * Uses RE2, whose work grows in proportion to the text whatever the pattern is; JavaScript's engine can take years for a
 * single cell. What RE2 does not support or may read differently from Okta, such as lookaheads, back-references and nested
 * character classes, is left to Okta, as are large patterns and long texts.
 *
 * @returns a test for a text, or undefined if the pattern is left to Okta.
 */
export function compilePattern(pattern: string): ((text: string) => boolean) | undefined {
  if (!isSmall(pattern) || hasAmbiguousClass(pattern)) return undefined;
  const { RE2JS }: typeof Re2 = lazyRequire('re2js');
  let matcher: Re2.RE2JS;
  try {
    // RE2 has another notation for code points.
    matcher = RE2JS.compile(pattern.replace(/\\u([0-9A-Fa-f]{4})/g, String.raw`\x{$1}`));
  } catch {
    // A construct that RE2 does not have, or another dialect of regular expressions.
    return undefined;
  }
  const maxLength = Math.min(MAX_TEXT, MAX_STEPS / matcher.programSize());
  return (text) => text.length > maxLength || matcher.test(text);
}

function isSmall(pattern: string): boolean {
  const repetitions = [...pattern.matchAll(/\{(\d*)(?:,(\d*))?\}/g)]
    .map(([, min, max]) => Number(max || min))
    .reduce((sum, count) => sum + count, 0);
  return pattern.length <= MAX_PATTERN && repetitions <= MAX_REPETITIONS;
}

/** Java and JavaScript disagree with RE2 about `[a-z&&[^b]]`, `[[:alpha:]]` and `[]a]`. */
function hasAmbiguousClass(pattern: string): boolean {
  const unescaped = pattern.replaceAll(/\\./gs, 'x');
  return /\[\^?\]|\[[^\]]*(?:\[|&&)/.test(unescaped);
}
