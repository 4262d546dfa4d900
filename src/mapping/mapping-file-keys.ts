import type { OktaFieldPath } from './okta-field-paths.js';
import { isAttributeName } from './match-header.js';
import { readColumn, readColumns, readSource, readText } from './mapping-file-source.js';
import { hashFields, isHashConstant } from './password-hash.js';
import type { FieldMapping, ValueSource } from './value-source.js';
import type { YamlEntry, YamlReader } from './yaml-reader.js';

const topKeys = ['profile', 'credentials', 'groups', 'type', 'ignore', 'optional'];

/** Walks the keys of the mapping file; what is wrong ends up in `yaml.problems`. */
export function readFields(yaml: YamlReader): {
  fields: FieldMapping[];
  ignore: { column: string; line: number }[];
  isOptional: boolean;
} {
  let isOptional = false;
  const fields: FieldMapping[] = [];
  const ignore: { column: string; line: number }[] = [];
  const field = (path: string, entry: YamlEntry, source: ValueSource | undefined): void => {
    if (source !== undefined) fields.push({ path, source, line: entry.line });
  };

  for (const section of yaml.entriesOf(yaml.root, topKeys)) {
    switch (section.key) {
      case 'profile':
        for (const entry of yaml.entriesOf(section)) {
          field(`profile.${entry.key}`, entry, readAttributeName(entry, yaml) && readSource(entry, yaml));
        }
        break;
      case 'credentials':
        for (const entry of yaml.entriesOf(section, credentialKeys)) {
          for (const { path, source } of readCredential(entry, yaml)) field(path, entry, source);
        }
        break;
      case 'groups':
        field('groupIds' satisfies OktaFieldPath, section, readSource(section, yaml));
        break;
      case 'type':
        field('type.id' satisfies OktaFieldPath, section, readSource(section, yaml));
        break;
      case 'optional':
        isOptional = yaml.scalarOf(section) === true;
        if (typeof yaml.scalarOf(section) !== 'boolean') {
          yaml.refuse(
            section.line,
            'optional is true or false: whether a file may lack columns that are named here.',
          );
        }
        break;
      default:
        for (const item of yaml.itemsOf(section)) {
          const column = readColumn(item, yaml);
          if (column !== undefined) ignore.push({ column, line: item.line });
        }
    }
  }
  if (fields.length === 0 && yaml.problems.length === 0) {
    yaml.refuse(1, 'Nothing is mapped here: it needs at least a profile with one attribute.');
  }
  return { fields, ignore, isOptional };
}

function readAttributeName(entry: YamlEntry, yaml: YamlReader): true | undefined {
  if (isAttributeName(entry.key)) return true;
  return yaml.refuse(
    entry.line,
    `"${entry.key}" cannot be an Okta attribute: a name is letters, digits and _, and starts with a letter.`,
  );
}

interface Part {
  readonly path: OktaFieldPath;
  readonly source: ValueSource | undefined;
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

function readSecret(entry: YamlEntry, yaml: YamlReader): ValueSource | undefined {
  const column = yaml.shapeOf(entry) === 'map' ? yaml.entriesOf(entry, ['column'])[0] : entry;
  if (column === undefined) return yaml.refuse(entry.line, `${entry.key} needs a column.`);
  const [name, ...orElse] = readColumns({ ...column, key: entry.key }, yaml);
  return name === undefined
    ? undefined
    : { kind: 'column', column: name, ...(orElse.length > 0 && { orElse }) };
}

/** `algorithm: BCRYPT` and `workFactor: 10` are constants; any other name is a column; a map says which it is. */
function readHashField(field: YamlEntry, yaml: YamlReader): ValueSource | undefined {
  if (field.key === 'value' || field.key === 'salt') return readSecret(field, yaml);
  const value = yaml.scalarOf(field);
  if (typeof value === 'number') return { kind: 'constant', value };
  if (typeof value === 'string' && isHashConstant(field.key, value)) return { kind: 'constant', value };
  return readSource(field, yaml);
}

/** One of Okta's words as a constant, or a map that says where it comes from. */
function readWord(entry: YamlEntry, words: readonly string[], yaml: YamlReader): ValueSource | undefined {
  if (yaml.shapeOf(entry) === 'map') return readSource(entry, yaml);
  const word = words.find((known) => known.toLowerCase() === String(yaml.scalarOf(entry)).toLowerCase());
  if (word !== undefined) return { kind: 'constant', value: word };
  return yaml.refuse(entry.line, `${entry.key} is ${words.join(' or ')}, or { column: ... }.`);
}

function readProviderName(entry: YamlEntry, yaml: YamlReader): ValueSource | undefined {
  if (yaml.shapeOf(entry) === 'map') return readSource(entry, yaml);
  const value = readText(entry, yaml);
  return value === undefined ? undefined : { kind: 'constant', value };
}
