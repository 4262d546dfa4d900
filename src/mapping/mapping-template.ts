/** One attribute of a skeleton. */
export interface TemplateAttribute {
  readonly attribute: string;
  /** What `template` calls its column. */
  readonly column: string;
  readonly isList: boolean;
  readonly required: boolean;
  /** What it takes, in a few words. */
  readonly words: string;
}

/**
 * A mapping file with a line for every attribute there is: those that Okta requires are filled in with the columns of a
 * template, the others wait behind a `#`. `draftMapping` writes one for a file that is there already.
 */
export function mappingTemplate(attributes: readonly TemplateAttribute[]): string {
  const lines = attributes.map(({ attribute, column, isList, required, words }) => {
    const source = isList ? `{ column: ${column}, split: ";" }` : column;
    return `  ${required ? '' : '# '}${attribute}: ${source}   # ${commented(words)}`;
  });
  return [
    '# A mapping file: which column of a CSV feeds which attribute. Take away the # before what your file has,',
    '# and put the names of its columns behind the colons.',
    '# Then: okta-csv-import validate <file> --mapping <this file>',
    '#',
    '# A value is a column, or',
    `#   '{{ row["Given Name"] }} {{ row.Surname | upcase }}'      a template (Liquid); filters: slugify, e164, downcase, ...`,
    '#   { value: EMEA-1 }                                         the same for everyone',
    '#   { column: Skills, split: ";" }                            a list',
    '#   { column: Start, date: dd/MM/yyyy }                       a date',
    '#   { column: Phone, e164: DE }                               a phone number, by default of that country',
    '#   { column: FTE, decimal: "," }                             a number with a decimal comma',
    '#   { column: Remote, true: [ja, x], false: [nein, ""] }      yes or no in your words',
    '',
    'profile:',
    ...lines,
    '',
    '# credentials:                    # one of password, hash and hook',
    '#   password: password',
    '#   hash: { algorithm: BCRYPT, workFactor: 10, salt: salt, value: hash }',
    '#   hook: default',
    '#   recoveryQuestion: { question: recoveryQuestion, answer: recoveryAnswer }',
    '#   provider: { type: FEDERATION }',
    '# groups: { column: groups, split: ";" }   # names or ids',
    '# type: type                      # the user type, by name or id',
    '# ignore: [Notes, Badge No]       # columns that feed nothing',
    '',
  ].join('\n');
}

/** Labels are somebody else's text: they stay within their comment. */
function commented(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}
