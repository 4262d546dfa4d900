import { fieldKeys } from './mapping-file-fields.js';
import type { MappingFile } from './mapping-file.js';
import { nameOf } from './match-header.js';
import type { CellFormat, FieldMapping, ValueSource } from './value-source.js';
import { yamlComment, yamlScalar } from './yaml-text.js';

/** What a mapping file says; lines do not matter. */
export interface WrittenMapping extends Pick<MappingFile, 'isOptional' | 'timeZone'> {
  readonly fields: readonly Pick<FieldMapping, 'path' | 'source'>[];
  readonly ignore: readonly string[];
}

/**
 * Writes a mapping as the file that `parseMappingFile` reads as the same.
 *
 * @param comment - the first line.
 */
export function writeMapping(
  { fields, ignore, isOptional, timeZone }: WrittenMapping,
  comment: string,
): string {
  const attributes = fields.filter(({ path }) => path.startsWith('profile.'));
  return [
    `# ${yamlComment(comment)}`,
    ...(isOptional ? ['optional: true'] : []),
    ...(attributes.length === 0 ? [] : ['profile:']),
    ...attributes.map(({ path, source }) => `  ${nameOf(path)}: ${sourceText(source)}`),
    ...otherLines(new Map(fields.map(({ path, source }) => [path, source]))),
    ...(timeZone === undefined ? [] : [`timeZone: ${yamlScalar(timeZone)}`]),
    ...(ignore.length === 0 ? [] : ['ignore:', ...ignore.map((column) => `  - ${yamlScalar(column)}`)]),
    '',
  ].join('\n');
}

/** Nested as the keys are. */
function otherLines(sources: ReadonlyMap<string, ValueSource>): readonly string[] {
  const lines: string[] = [];
  const written = new Set<string>();
  let parents: readonly string[] = [];
  for (const { keys, path } of fieldKeys) {
    const source = sources.get(path);
    // realm and realmId are the same.
    if (source === undefined || written.has(path)) continue;
    written.add(path);
    const own = keys.slice(0, -1);
    for (const [depth, key] of own.entries()) {
      const isOpen = own.slice(0, depth + 1).every((each, index) => parents[index] === each);
      if (!isOpen) lines.push(`${'  '.repeat(depth)}${key}:`);
    }
    parents = own;
    // A plain text could be read as one of Okta's constants.
    const text = source.kind === 'column' && own.length > 0 ? mapText(source) : sourceText(source);
    lines.push(`${'  '.repeat(own.length)}${keys.at(-1)}: ${text}`);
  }
  return lines;
}

/** A source as a value of the mapping file. */
export function sourceText(source: ValueSource): string {
  const isPlain = source.kind === 'column' && Object.keys(source).every((key) => PLAIN_KEYS.has(key));
  // With braces it would be read as a template.
  if (isPlain && !/\{\{|\{%/.test(source.column)) return yamlScalar(source.column);
  return mapText(source);
}

const PLAIN_KEYS: ReadonlySet<string> = new Set(['kind', 'column']);

function mapText(source: ValueSource): string {
  switch (source.kind) {
    case 'column': {
      const columns = listText([source.column, ...(source.orElse ?? [])]);
      if (source.namePart !== undefined) return `{ fullName: ${columns}, part: ${source.namePart} }`;
      if (source.personAs !== undefined) return `{ person: ${columns}, as: ${source.personAs} }`;
      return `{ ${[`column: ${columns}`, ...formatTexts(source)].join(', ')} }`;
    }
    case 'columns': {
      const columns = source.columns.map(yamlScalar).join(', ');
      return `{ ${[`columns: [${columns}]`, ...formatTexts(source)].join(', ')} }`;
    }
    case 'template':
      return `{ ${[`template: ${yamlScalar(source.template)}`, ...formatTexts(source)].join(', ')} }`;
    case 'generated': {
      const { column, orElse = [] } = source.column ?? {};
      const from = column === undefined ? '' : `column: ${listText([column, ...orElse])}, `;
      return `{ ${from}generate: ${source.length} }`;
    }
    case 'constant':
      return `{ value: ${JSON.stringify(source.value)} }`;
    default:
      return source satisfies never;
  }
}

function formatTexts({ split, date, e164, decimal, values, booleanWords }: CellFormat): readonly string[] {
  const words = (wanted: boolean): readonly string[] =>
    [...(booleanWords ?? [])].filter(([, value]) => value === wanted).map(([word]) => word);
  const parts: [key: string, text: string | undefined][] = [
    ['split', split && listText(split, JSON.stringify)],
    ['date', date && yamlScalar(date)],
    ['e164', e164],
    ['decimal', decimal && JSON.stringify(decimal)],
    [
      'values',
      values && `{ ${[...values].map(([from, to]) => `${yamlScalar(from)}: ${yamlScalar(to)}`).join(', ')} }`,
    ],
    ['true', listOfWords(words(true))],
    ['false', listOfWords(words(false))],
  ];
  return parts.flatMap(([key, text]) => (text === undefined ? [] : [`${key}: ${text}`]));
}

function listOfWords(words: readonly string[]): string | undefined {
  return words.length === 0 ? undefined : `[${words.map(yamlScalar).join(', ')}]`;
}

/** One item without brackets. */
function listText(items: readonly string[], write: (item: string) => string = yamlScalar): string {
  const [only, ...others] = items.map(write);
  return others.length === 0 ? (only ?? '""') : `[${[only, ...others].join(', ')}]`;
}
