import { fieldKeys } from './mapping-file-fields.js';
import { valueExamples } from './mapping-template.js';
import { nameOf, type KnownAttributes } from './match-header.js';
import { presetFor } from './presets.js';
import {
  suggestMapping,
  type SuggestedMapping,
  type SuggestOptions,
  type UnmappedColumn,
} from './suggest-mapping.js';
import { LIST_SEPARATOR, type ValueSource } from './value-source.js';
import { yamlComment, yamlCommentLines, yamlScalar } from './yaml-text.js';

export interface DraftOptions {
  readonly header: readonly string[];
  readonly known: KnownAttributes;
  /** Attributes that every user must have. */
  readonly required: readonly string[];
  /** Cells of some rows: they show how groups are separated, and decide what an ambiguous column means. */
  readonly samples?: readonly (readonly string[])[] | undefined;
  /** The path that the user chose for a column; undefined to ignore it. */
  readonly choices?: SuggestOptions['choices'];
  /** Of the CSV file, for the comments. */
  readonly fileName: string;
  /** The command that checks the file with the mapping, for the comments; undefined for none. */
  readonly checkCommand?: string | undefined;
}

type Sources = SuggestedMapping['sources'];

/**
 * Drafts a mapping file for a header, to be edited. Recognized columns are mapped; the others are ignored for now, each with
 * the attributes that it resembles. The draft is valid without changes.
 */
export function draftMapping(options: DraftOptions): string {
  const { header, known, required, fileName, checkCommand, samples = [], choices } = options;
  const preset = presetFor(header);
  const suggested = suggestMapping({ header, known, preset, samples, choices });
  const { sources, unmapped } = suggested;
  return [
    `# Draft mapping for ${yamlComment(fileName)}. Review it and correct it where needed.`,
    ...(checkCommand === undefined ? [] : [`# Then run: ${yamlComment(checkCommand)}`]),
    ...(preset === undefined
      ? []
      : [`# The columns match a known export: this mapping does the same as --mapping preset:${preset}.`]),
    '#',
    ...valueExamples,
    '',
    ...(preset === undefined ? [] : ['optional: true   # other exports may lack some of these columns', '']),
    ...profileLines(header, suggested, known, required),
    ...credentialLines(sources),
    ...membershipLines(suggested),
    ...ignoreLines(unmapped),
  ].join('\n');
}

function profileLines(
  header: readonly string[],
  { sources, comments }: Pick<SuggestedMapping, 'sources' | 'comments'>,
  { attributes, isOrgSchema }: KnownAttributes,
  required: readonly string[],
): readonly string[] {
  const mapped = [...sources].flatMap(([path, source]) =>
    path.startsWith('profile.') ? [{ name: nameOf(path), source }] : [],
  );
  const names = new Set(mapped.map(({ name }) => name));
  const login = names.has('login') ? [] : [loginLine(header, sources)];
  const lines = mapped.map(({ name, source }) => {
    const type = attributes.get(name)?.type;
    const comment = comments.get(`profile.${name}`) ?? '';
    const isTyped = type === 'boolean' || type === 'number' || type === 'integer';
    const hints = [...(isTyped ? [type] : []), ...(comment === '' ? [] : [yamlComment(comment)])];
    const hint = hints.length === 0 ? '' : `   # ${hints.join('; ')}`;
    return `  ${name}: ${type === 'array' ? listValue(source) : valueOf(source)}${hint}`;
  });
  const isRequired = (name: string): boolean => required.includes(name);
  const unmapped = [...attributes.keys()].filter((name) => !names.has(name) && name !== 'login');
  const missing = unmapped
    .filter(isRequired)
    .map((name) => `  # ${name}:   # required by Okta, but no column provides it`);
  const rest = unmapped.filter((name) => !isRequired(name));
  const title = isOrgSchema
    ? "  # The org's other attributes:"
    : "  # Okta's other attributes (--org also lists your org's custom ones):";
  return [
    'profile:',
    ...login,
    ...lines,
    ...missing,
    ...(rest.length === 0 ? [] : [title, ...yamlCommentLines(rest)]),
    '',
  ];
}

/** The login is the email, or else a guess to be reviewed. */
function loginLine(header: readonly string[], sources: Sources): string {
  const email = sources.get('profile.email');
  if (email !== undefined) return `  login: ${valueOf(email)}   # no login column, so the email is used`;
  const names = ['profile.firstName', 'profile.lastName'].flatMap((path) => columnOf(sources, path) ?? []);
  const columns = (names.length > 0 ? names : header.slice(0, 1)).filter(isLiquidString);
  if (columns.length === 0) {
    return '  login: { value: nobody@example.com }   # no login column: name a column here';
  }
  const parts = columns.map((column) => `{{ row[${liquidString(column)}] | slugify }}`);
  const template = `${parts.join('.')}@example.com`;
  return `  login: ${yamlScalar(template)}   # no login column: put your domain here`;
}

function columnOf(sources: Sources, path: string): string | undefined {
  const source = sources.get(path);
  return source?.kind === 'column' ? source.column : undefined;
}

function credentialLines(sources: Sources): readonly string[] {
  const lines: string[] = [];
  let parent: string | undefined;
  for (const { keys, path } of fieldKeys) {
    const [section, ...rest] = keys;
    const column = columnOf(sources, path);
    if (section !== 'credentials' || column === undefined) continue;
    const nested = rest.length > 1 ? rest[0] : undefined;
    if (nested !== undefined && nested !== parent) lines.push(`  ${nested}:`);
    parent = nested;
    // A plain text could be read as one of Okta's constants.
    lines.push(`${'  '.repeat(rest.length)}${rest.at(-1)}: { column: ${yamlScalar(column)} }`);
  }
  return lines.length === 0 ? [] : ['credentials:', ...lines, ''];
}

function membershipLines({
  sources,
  groupsLine,
}: Pick<SuggestedMapping, 'sources' | 'groupsLine'>): readonly string[] {
  const [groups, type, realm] = [sources.get('groupIds'), sources.get('type.id'), sources.get('realmId')];
  const line = groupsLine ?? (groups && `groups: ${listValue(groups)}`);
  return [
    ...(line === undefined ? [] : [`${line}   # names or IDs`, '']),
    ...(type === undefined ? [] : [`type: ${valueOf(type)}   # the user type, by name or ID`, '']),
    ...(realm === undefined ? [] : [`realm: ${valueOf(realm)}   # by name or ID`, '']),
    ...DATES.flatMap(([path, what]) => {
      const source = sources.get(path);
      return source === undefined ? [] : [`${path}: ${dateValue(source)}   # ${what}; only sync uses it`, ''];
    }),
  ];
}

const DATES = [
  ['start', 'the first day'],
  ['end', 'the last day'],
] as const;

function dateValue(source: ValueSource): string {
  if (source.kind !== 'column') return valueOf(source);
  const date = source.date === undefined ? '' : `, date: ${yamlScalar(source.date)}`;
  return `{ column: ${yamlScalar(source.column)}${date} }`;
}

function ignoreLines(unmapped: readonly UnmappedColumn[]): readonly string[] {
  if (unmapped.length === 0) return [];
  return [
    '# Unknown columns, with suggestions. Move each to its attribute above, or leave it here to ignore it.',
    'ignore:',
    ...unmapped.map(
      ({ column, comment }) => `  - ${yamlScalar(column)}${comment === '' ? '' : `   # ${comment}`}`,
    ),
    '',
  ];
}

/** A source as a value of the mapping file. */
function valueOf(source: ValueSource): string {
  switch (source.kind) {
    case 'column':
      if (source.namePart !== undefined) {
        return `{ fullName: ${yamlScalar(source.column)}, part: ${source.namePart} }`;
      }
      // With braces it would be read as a template.
      return /\{\{|\{%/.test(source.column)
        ? `{ column: ${yamlScalar(source.column)} }`
        : yamlScalar(source.column);
    case 'columns':
      return listValue(source);
    case 'template':
      return yamlScalar(source.template);
    case 'generated':
      return `{ generate: ${source.length} }`;
    case 'constant':
      return `{ value: ${JSON.stringify(source.value)} }`;
    default:
      return source satisfies never;
  }
}

function listValue(source: ValueSource): string {
  if (source.kind !== 'column' && source.kind !== 'columns') return valueOf(source);
  const { split = [LIST_SEPARATOR] } = source;
  const texts = split.map((separator) => JSON.stringify(separator));
  const separators = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const origin =
    source.kind === 'column'
      ? `column: ${yamlScalar(source.column)}`
      : `columns: [${source.columns.map(yamlScalar).join(', ')}]`;
  return `{ ${origin}, split: ${separators} }`;
}

/** Liquid strings have no escapes. */
function isLiquidString(text: string): boolean {
  return !(text.includes('"') && text.includes("'")) && !/[{}%\\\n\r]/.test(text);
}

function liquidString(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
