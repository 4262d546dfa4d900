import { suggestMapping, type Leftover, type Sources } from './suggest-mapping.js';
import { nameOf, type KnownAttributes } from './match-header.js';
import { hashFields } from './password-hash.js';
import { presetFor } from './presets.js';
import type { ValueSource } from './value-source.js';

export interface DraftOptions {
  readonly header: readonly string[];
  readonly known: KnownAttributes;
  /** Attributes that every user must have. */
  readonly required: readonly string[];
  /** Of the CSV, for the comments. */
  readonly fileName: string;
}

/**
 * Writes a first mapping file for a header: columns that are recognised are filled in, the others are ignored for now and
 * listed with the attributes that they most resemble. It reads the file as it stands, and is there to be changed.
 */
export function draftMapping({ header, known, required, fileName }: DraftOptions): string {
  const preset = presetFor(header);
  const { sources, leftover } = suggestMapping(header, known, preset);
  return [
    `# A first mapping for ${commented(fileName)}: look it over and change what is not meant.`,
    `# Then: okta-csv-import validate ${commented(fileName)} --mapping <this file>`,
    ...(preset === undefined
      ? []
      : [
          `# The columns are those of a known export, so this is what --mapping preset:${preset} makes of them.`,
        ]),
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
    ...(preset === undefined ? [] : ['optional: true   # another export may lack columns of this one', '']),
    ...profileLines(header, sources, known, required),
    ...credentialLines(sources),
    ...membershipLines(sources),
    ...ignoreLines(leftover),
  ].join('\n');
}

function profileLines(
  header: readonly string[],
  sources: Sources,
  { attributes, isOrgSchema }: KnownAttributes,
  required: readonly string[],
): readonly string[] {
  const fed = [...sources].flatMap(([path, source]) =>
    path.startsWith('profile.') ? [{ name: nameOf(path), source }] : [],
  );
  const names = new Set(fed.map(({ name }) => name));
  const login = names.has('login') ? [] : [loginLine(header, sources)];
  const lines = fed.map(({ name, source }) => {
    const type = attributes.get(name)?.type;
    const hint = type === 'boolean' || type === 'number' || type === 'integer' ? `   # ${type}` : '';
    return `  ${name}: ${type === 'array' ? listValue(source) : valueOf(source)}${hint}`;
  });
  const isRequired = (name: string): boolean => required.includes(name);
  const unfed = [...attributes.keys()].filter((name) => !names.has(name) && name !== 'login');
  const missing = unfed.filter(isRequired).map((name) => `  # ${name}:   # no column; Okta requires it`);
  const rest = unfed.filter((name) => !isRequired(name));
  const whose = isOrgSchema ? 'this org' : 'every Okta org; --org names yours as well';
  return [
    'profile:',
    ...login,
    ...lines,
    ...missing,
    ...(rest.length === 0 ? [] : [`  # Without a column, of the attributes of ${whose}:`, ...wrapped(rest)]),
    '',
  ];
}

/** The login of the email, or else a guess that has to be looked at. */
function loginLine(header: readonly string[], sources: Sources): string {
  const email = sources.get('profile.email');
  if (email !== undefined) return `  login: ${valueOf(email)}   # no column of its own: the email`;
  const names = ['profile.firstName', 'profile.lastName'].flatMap((path) => columnOf(sources, path) ?? []);
  const columns = (names.length > 0 ? names : header.slice(0, 1)).filter(isLiquidText);
  if (columns.length === 0) {
    return '  login: { value: nobody@example.com }   # no column gives it: name one here';
  }
  const parts = columns.map((column) => `{{ row[${liquidText(column)}] | slugify }}`);
  const template = `${parts.join('.')}@example.com`;
  return `  login: ${scalar(template)}   # no column gives it: put your domain here`;
}

function columnOf(sources: Sources, path: string): string | undefined {
  const source = sources.get(path);
  return source?.kind === 'column' ? source.column : undefined;
}

const credentialPaths = [
  ['credentials.password.value', 'password'],
  ['credentials.password.hook.type', 'hook'],
] as const;
const nestedPaths = [
  ['hash', hashFields.map((field) => [`credentials.password.hash.${field}`, field] as const)],
  [
    'recoveryQuestion',
    [
      ['credentials.recovery_question.question', 'question'],
      ['credentials.recovery_question.answer', 'answer'],
    ],
  ],
  [
    'provider',
    [
      ['credentials.provider.type', 'type'],
      ['credentials.provider.name', 'name'],
    ],
  ],
] as const;

function credentialLines(sources: Sources): readonly string[] {
  const lineOf = ([path, key]: readonly [string, string], indent: string): readonly string[] => {
    const column = columnOf(sources, path);
    // A bare text would be taken for a constant where Okta has words of its own.
    return column === undefined ? [] : [`${indent}${key}: { column: ${scalar(column)} }`];
  };
  const lines = [
    ...credentialPaths.flatMap((entry) => lineOf(entry, '  ')),
    ...nestedPaths.flatMap(([key, entries]) => {
      const nested = entries.flatMap((entry) => lineOf(entry, '    '));
      return nested.length === 0 ? [] : [`  ${key}:`, ...nested];
    }),
  ];
  return lines.length === 0 ? [] : ['credentials:', ...lines, ''];
}

function membershipLines(sources: Sources): readonly string[] {
  const [groups, type] = [sources.get('groupIds'), sources.get('type.id')];
  return [
    ...(groups === undefined ? [] : [`groups: ${listValue(groups)}   # names or ids`, '']),
    ...(type === undefined ? [] : [`type: ${valueOf(type)}   # the user type, by name or id`, '']),
  ];
}

function ignoreLines(leftover: readonly Leftover[]): readonly string[] {
  if (leftover.length === 0) return [];
  return [
    '# Not recognised, and sent nowhere: move each to its attribute above, or leave it here. Beside it, what it may mean.',
    'ignore:',
    ...leftover.map(
      ({ column, comment }) => `  - ${scalar(column)}${comment === '' ? '' : `   # ${comment}`}`,
    ),
    '',
  ];
}

/** A source as a value: the name of a column with braces would be taken for a template. */
function valueOf(source: ValueSource): string {
  switch (source.kind) {
    case 'column':
      return /\{\{|\{%/.test(source.column) ? `{ column: ${scalar(source.column)} }` : scalar(source.column);
    case 'template':
      return scalar(source.template);
    case 'constant':
      return `{ value: ${JSON.stringify(source.value)} }`;
    default:
      return source satisfies never;
  }
}

function listValue(source: ValueSource): string {
  return source.kind === 'column' ? `{ column: ${scalar(source.column)}, split: ";" }` : valueOf(source);
}

/** A text as YAML, without quotes where it cannot be anything else. */
function scalar(text: string): string {
  const isPlain =
    /^[A-Za-z][\w]*(?:[ .-]\w+)*$/.test(text) && !/^(?:true|false|null|y|n|yes|no|on|off)$/i.test(text);
  // JSON's texts are YAML's, but for characters that YAML wants escaped.
  return isPlain ? text : JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Liquid's texts know no escapes. */
function isLiquidText(text: string): boolean {
  return !(text.includes('"') && text.includes("'")) && !/[{}%\\\n\r]/.test(text);
}

function liquidText(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}

/** A file's name in a comment of one line. */
function commented(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, '?');
}

const LINE = 110;

/** Names in lines of a comment. */
function wrapped(names: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const name of names) {
    if (line !== '' && line.length + name.length + 2 > LINE) {
      lines.push(`${line},`);
      line = '';
    }
    line += line === '' ? `  #   ${name}` : `, ${name}`;
  }
  return [...lines, line];
}
