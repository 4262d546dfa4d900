/** No longer text is matched: with two unbounded quantifiers the work grows with the square of the length. */
const MAX_MATCHED = 1000;

/**
 * Compiles the `pattern` of a custom attribute as JSON Schema reads it: unanchored.
 *
 * Only patterns that match in bounded time are: no groups, no alternatives, no back-references, at most two unbounded
 * quantifiers. Others, and texts longer than 1000 characters, are left to Okta to judge.
 *
 * @returns Whether a text matches, or undefined when the pattern is left to Okta.
 */
export function compilePattern(pattern: string): ((text: string) => boolean) | undefined {
  const bare = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  const unbounded = bare.match(/[*+]|\{\d*,\}/g) ?? [];
  if (/[()|]/.test(bare) || /\\\d/.test(pattern) || unbounded.length > 2) return undefined;
  try {
    // Unicode mode knows \p{L}, and refuses harmless escapes such as \@: only where it is needed.
    const matcher = new RegExp(pattern, pattern.includes(String.raw`\p{`) ? 'u' : '');
    return (text) => text.length > MAX_MATCHED || matcher.test(text);
  } catch {
    // Another dialect of regular expressions than ours: Okta's to judge.
    return undefined;
  }
}
