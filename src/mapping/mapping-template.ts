import { yamlComment } from './yaml-text.js';

/** One attribute of a mapping template. */
export interface TemplateAttribute {
  readonly attribute: string;
  /** Its column in the CSV that `template` writes. */
  readonly column: string;
  readonly isList: boolean;
  readonly required: boolean;
  /** What values it accepts, in a few words. */
  readonly description: string;
}

/** The comment at the top of a mapping file that explains values. */
export const valueExamples: readonly string[] = [
  '# A value is the name of a column, or:',
  `#   '{{ row["Given Name"] }} {{ row.Surname | upcase }}'      a Liquid template; filters: slugify, e164, downcase, ...`,
  '#   { value: EMEA-1 }                                         the same value for every row',
  '#   { column: Skills, split: ";" }                            a list',
  '#   { column: Start, date: dd/MM/yyyy }                       a date',
  '#   { column: Phone, e164: DE }                               a phone number with a default country',
  '#   { column: FTE, decimal: "," }                             a number with a decimal comma',
  '#   { column: Country, values: { Germany: DE, Japan: JP } }   other texts than those in the cells',
  '#   { column: Remote, true: [ja, x], false: [nein, ""] }      true or false in your own words',
];

/**
 * A mapping file with a line for every attribute, using the columns of the CSV that `template` writes. Attributes that Okta does
 * not require are commented out. For an existing file, see `draftMapping`.
 */
export function mappingTemplate(attributes: readonly TemplateAttribute[]): string {
  const lines = attributes.map(({ attribute, column, isList, required, description }) => {
    const source = isList ? `{ column: ${column}, split: ";" }` : column;
    return `  ${required ? '' : '# '}${attribute}: ${source}   # ${yamlComment(description)}`;
  });
  return [
    '# A mapping file: which column of a CSV file provides which attribute. Uncomment the attributes that your file has,',
    '# and put the names of your columns after the colons.',
    '# Then run: okta-csv-import validate <file> --mapping <this file>',
    '#',
    ...valueExamples,
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
    '# groups: { column: groups, split: ";" }   # names or IDs',
    '# type: type                      # the user type, by name or ID',
    '# realm: realm                    # by name or ID; only in orgs with Realms',
    '# ignore: [Notes, Badge No]       # columns to ignore',
    '',
  ].join('\n');
}
