/** Whether a part of a file name is a language such as `de`, `pt-br` or `zh-hant-tw`, and not a word such as `draft`. */
export function isLanguage(text: string): boolean {
  if (!/^[a-z]{2,3}(?:-|$)/.test(text)) return false;
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** `zh-Hant-TW` gives `zh-hant-tw`, then `zh-hant`, then `zh` (RFC 4647, "Lookup"). */
export function bestLanguage(
  wanted: string | undefined,
  templates: ReadonlyMap<string, unknown>,
): string | undefined {
  const subtags = (wanted ?? '').replaceAll('_', '-').toLowerCase().split('-');
  return subtags
    .map((_, index) => subtags.slice(0, subtags.length - index).join('-'))
    .find((candidate) => templates.has(candidate));
}

/** Whether a language is written from right to left (Unicode CLDR, "characterOrder"). */
export function isRightToLeft(language: string): boolean {
  return (
    /^(?:ar|arc|ckb|dv|fa|he|iw|ks|nqo|ps|sd|syr|ug|ur|yi)(?:-|$)/i.test(language) ||
    /-(?:arab|hebr|thaa|syrc|nkoo)(?:-|$)/i.test(language)
  );
}
