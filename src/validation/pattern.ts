/** Longer texts are not matched: with two unbounded quantifiers the work grows with the square of the length. */
const MAX_MATCHED = 1000;

/**
 * Compiles the `pattern` of a custom attribute, unanchored as in JSON Schema.
 *
 * Only patterns that match in bounded time are compiled: no groups, alternatives or back-references, and at most two unbounded
 * quantifiers. Other patterns, and texts longer than 1000 characters, are left to Okta.
 *
 * @returns a test for a text, or undefined if the pattern is left to Okta.
 */
export function compilePattern(pattern: string): ((text: string) => boolean) | undefined {
  const bare = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  const unbounded = bare.match(/[*+]|\{\d*,\}/g) ?? [];
  if (/[()|]/.test(bare) || /\\\d/.test(pattern) || unbounded.length > 2) return undefined;
  try {
    // Unicode mode is needed for \p{L}, but rejects harmless escapes such as \@.
    const matcher = new RegExp(pattern, pattern.includes(String.raw`\p{`) ? 'u' : '');
    return (text) => text.length > MAX_MATCHED || matcher.test(text);
  } catch {
    // Another dialect of regular expressions: left to Okta.
    return undefined;
  }
}
