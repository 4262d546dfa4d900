import { compileDateFormat, dateTokens } from './date-format.js';
import type { BodyField } from './body-fields.js';
import { isAttributeName } from './header.js';
import { hashFields, knownHashWord } from './password-hash.js';
import type { Feed, Source } from './source.js';
import type { YamlEntry, YamlReader } from './yaml-reader.js';

const topKeys = ['profile', 'credentials', 'groups', 'type', 'ignore'];
const sourceKeys = ['column', 'template', 'value', 'split', 'date'];

/** Walks the keys of the mapping file; what is wrong ends up in `yaml.problems`. */
export function readFeeds(yaml: YamlReader): { feeds: Feed[]; ignore: { column: string; line: number }[] } {
  const feeds: Feed[] = [];
  const ignore: { column: string; line: number }[] = [];
  const feed = (path: string, entry: YamlEntry, source: Source | undefined): void => {
    if (source !== undefined) feeds.push({ path, source, line: entry.line });
  };

  for (const section of yaml.entriesOf(yaml.root, topKeys)) {
    switch (section.key) {
      case 'profile':
        for (const entry of yaml.entriesOf(section)) {
          feed(`profile.${entry.key}`, entry, readAttributeName(entry, yaml) && readSource(entry, yaml));
        }
        break;
      case 'credentials':
        for (const entry of yaml.entriesOf(section, credentialKeys)) {
          for (const { path, source } of readCredential(entry, yaml)) feed(path, entry, source);
        }
        break;
      case 'groups':
        feed('groupIds' satisfies BodyField, section, readSource(section, yaml));
        break;
      case 'type':
        feed('type.id' satisfies BodyField, section, readSource(section, yaml));
        break;
      default:
        for (const item of yaml.itemsOf(section)) {
          const column = readColumn(item, yaml);
          if (column !== undefined) ignore.push({ column, line: item.line });
        }
    }
  }
  if (feeds.length === 0 && yaml.problems.length === 0) {
    yaml.refuse(1, 'Nothing is mapped here: it needs at least a profile with one attribute.');
  }
  return { feeds, ignore };
}

function readAttributeName(entry: YamlEntry, yaml: YamlReader): true | undefined {
  if (isAttributeName(entry.key)) return true;
  return yaml.refuse(
    entry.line,
    `"${entry.key}" cannot be an Okta attribute: a name is letters, digits and _, and starts with a letter.`,
  );
}

/** A column, a template, or a map of `sourceKeys`. */
function readSource(entry: YamlEntry, yaml: YamlReader): Source | undefined {
  if (yaml.shapeOf(entry) === 'text') {
    const text = String(yaml.scalarOf(entry));
    return /\{\{|\{%/.test(text) ? { kind: 'template', template: text } : readColumnSource(entry, yaml);
  }
  if (yaml.shapeOf(entry) !== 'map') return refuseSource(entry, yaml);

  const parts = new Map(yaml.entriesOf(entry, sourceKeys).map((part) => [part.key, part]));
  const [column, template, value] = [parts.get('column'), parts.get('template'), parts.get('value')];
  if ([column, template, value].filter((part) => part !== undefined).length !== 1) {
    return yaml.refuse(entry.line, `${entry.key} needs exactly one of: column, template, value.`);
  }
  if (value !== undefined) {
    if (parts.size > 1) {
      return yaml.refuse(entry.line, `${entry.key}: a constant takes no split and no date.`);
    }
    return readConstant({ ...value, key: entry.key }, yaml);
  }
  const split = parts.has('split') ? readText(parts.get('split'), yaml) : undefined;
  if (template !== undefined) {
    if (parts.has('date')) return yaml.refuse(entry.line, `${entry.key}: a template takes no date.`);
    const text = readText(template, yaml);
    return text === undefined ? undefined : { kind: 'template', template: text, split };
  }
  const name = column && readColumn(column, yaml);
  const date = parts.has('date') ? readDateFormat(parts.get('date'), yaml) : undefined;
  return name === undefined ? undefined : { kind: 'column', column: name, split, date };
}

function readDateFormat(entry: YamlEntry | undefined, yaml: YamlReader): string | undefined {
  const format = readText(entry, yaml);
  if (entry === undefined || format === undefined || compileDateFormat(format) !== undefined) return format;
  return yaml.refuse(
    entry.line,
    `date: "${format}" is not a date format: write day, month and year with ${dateTokens}, such as dd/MM/yyyy.`,
  );
}

function refuseSource(entry: YamlEntry, yaml: YamlReader): undefined {
  const shape = yaml.shapeOf(entry);
  const constant = shape === 'number' || shape === 'boolean' ? String(yaml.scalarOf(entry)) : undefined;
  return yaml.refuse(
    entry.line,
    constant === undefined
      ? `${entry.key} needs a column, a template, or { column | template | value: ... }.`
      : `${entry.key}: write { value: ${constant} } for a constant, or "${constant}" for a column of that name.`,
  );
}

function readConstant(entry: YamlEntry, yaml: YamlReader): Source | undefined {
  if (yaml.shapeOf(entry) !== 'list') {
    const value = yaml.scalarOf(entry);
    return isScalarValue(value) ? { kind: 'constant', value } : refuseConstant(entry, yaml);
  }
  const values = yaml.itemsOf(entry).map((item) => yaml.scalarOf(item));
  if (values.every((value) => typeof value === 'string')) return { kind: 'constant', value: values };
  if (values.every((value) => typeof value === 'number')) return { kind: 'constant', value: values };
  return refuseConstant(entry, yaml);
}

function refuseConstant(entry: YamlEntry, yaml: YamlReader): undefined {
  return yaml.refuse(
    entry.line,
    `${entry.key}: a constant is a text, a number, true or false, or a list of texts or numbers.`,
  );
}

function isScalarValue(value: unknown): value is string | number | boolean {
  return (
    (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
  );
}

function readColumnSource(entry: YamlEntry, yaml: YamlReader): Source | undefined {
  const column = readColumn(entry, yaml);
  return column === undefined ? undefined : { kind: 'column', column };
}

/** A column's name: any scalar, since columns may be called 2024 or true. */
function readColumn(entry: YamlEntry, yaml: YamlReader): string | undefined {
  const name = String(yaml.scalarOf(entry) ?? '').trim();
  return name === '' ? yaml.refuse(entry.line, `${entry.key} needs the name of a column.`) : name;
}

function readText(entry: YamlEntry | undefined, yaml: YamlReader): string | undefined {
  if (entry === undefined) return undefined;
  const text = yaml.scalarOf(entry);
  return typeof text === 'string' && text !== ''
    ? text
    : yaml.refuse(entry.line, `${entry.key} needs a text.`);
}

interface Part {
  readonly path: BodyField;
  readonly source: Source | undefined;
}

const credentialKeys = ['password', 'hash', 'hook', 'recoveryQuestion', 'provider'];

/** Secrets (password, hash value, salt, answer) come from a column and nowhere else: a mapping file is no safe. */
function readCredential(entry: YamlEntry, yaml: YamlReader): readonly Part[] {
  switch (entry.key) {
    case 'password':
      return [{ path: 'credentials.password.value', source: readSecret(entry, yaml) }];
    case 'hash':
      return readHash(entry, yaml);
    case 'hook':
      return [{ path: 'credentials.password.hook.type', source: readWord(entry, ['default'], yaml) }];
    case 'recoveryQuestion':
      return yaml
        .entriesOf(entry, ['question', 'answer'])
        .map((field) =>
          field.key === 'answer'
            ? { path: 'credentials.recovery_question.answer', source: readSecret(field, yaml) }
            : { path: 'credentials.recovery_question.question', source: readSource(field, yaml) },
        );
    default:
      return yaml
        .entriesOf(entry, ['type', 'name'])
        .map((field) =>
          field.key === 'name'
            ? { path: 'credentials.provider.name', source: readProviderName(field, yaml) }
            : { path: 'credentials.provider.type', source: readWord(field, ['FEDERATION', 'SOCIAL'], yaml) },
        );
  }
}

function readHash(entry: YamlEntry, yaml: YamlReader): readonly Part[] {
  const given = yaml.entriesOf(entry, hashFields);
  return hashFields.flatMap((field) => {
    const part = given.find(({ key }) => key === field);
    if (part === undefined) return [];
    return [{ path: `credentials.password.hash.${field}` as const, source: readHashField(part, yaml) }];
  });
}

function readSecret(entry: YamlEntry, yaml: YamlReader): Source | undefined {
  const column = yaml.shapeOf(entry) === 'map' ? yaml.entriesOf(entry, ['column'])[0] : entry;
  return column === undefined
    ? yaml.refuse(entry.line, `${entry.key} needs a column.`)
    : readColumnSource({ ...column, key: entry.key }, yaml);
}

/** `algorithm: BCRYPT` and `workFactor: 10` are constants; any other name is a column; a map says which it is. */
function readHashField(field: YamlEntry, yaml: YamlReader): Source | undefined {
  if (field.key === 'value' || field.key === 'salt') return readSecret(field, yaml);
  const value = yaml.scalarOf(field);
  if (typeof value === 'number') return { kind: 'constant', value };
  if (typeof value === 'string' && knownHashWord(field.key, value)) return { kind: 'constant', value };
  return readSource(field, yaml);
}

/** One of Okta's words as a constant, or a map that says where it comes from. */
function readWord(entry: YamlEntry, words: readonly string[], yaml: YamlReader): Source | undefined {
  if (yaml.shapeOf(entry) === 'map') return readSource(entry, yaml);
  const word = words.find((known) => known.toLowerCase() === String(yaml.scalarOf(entry)).toLowerCase());
  if (word !== undefined) return { kind: 'constant', value: word };
  return yaml.refuse(entry.line, `${entry.key} is ${words.join(' or ')}, or { column: ... }.`);
}

function readProviderName(entry: YamlEntry, yaml: YamlReader): Source | undefined {
  if (yaml.shapeOf(entry) === 'map') return readSource(entry, yaml);
  const value = readText(entry, yaml);
  return value === undefined ? undefined : { kind: 'constant', value };
}
