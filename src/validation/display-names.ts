/** The languages in which people write the names of countries and languages in their tables. */
const NAMED_IN = 'en de fr es pt it nl pl sv ja da nb fi cs hu ro tr ru uk zh ko'.split(' ');

/** The codes of countries or languages by their names in many languages; see `nameKey`. */
export function codesByName(
  type: 'region' | 'language',
  codes: Iterable<string>,
): ReadonlyMap<string, string> {
  const all = [...codes];
  const codeByName = new Map<string, string>();
  for (const language of NAMED_IN) {
    const names = new Intl.DisplayNames(language, { type });
    for (const code of all) {
      const key = nameKey(names.of(code) ?? code);
      if (!codeByName.has(key)) codeByName.set(key, code);
    }
  }
  return codeByName;
}

/** A name without case, accents, dots and articles. */
export function nameKey(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f.]/g, '')
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/^(?:the|la|le|les|los|las|die|der|el|os|as) (?=\p{L})/u, '');
}
