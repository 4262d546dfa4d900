import { listOf } from '../text.js';
import type { YamlValue } from '../yaml-document.js';
import { readColumnSource, readSource, readText } from './mapping-file-source.js';
import type { OktaFieldPath } from './okta-field-paths.js';
import { isAttributeName } from './match-header.js';
import { hashFields, isHashConstant } from './password-hash.js';
import type { FieldMapping, ValueSource } from './value-source.js';

/** A key of the mapping file that is not a profile attribute, by the keys that lead to it. */
export interface FieldKey {
  readonly keys: readonly string[];
  readonly path: OktaFieldPath;
  readonly read: (from: YamlValue) => ValueSource | undefined;
}

/** In the order in which `draftMapping` writes them. */
export const fieldKeys: readonly FieldKey[] = [
  { keys: ['credentials', 'password'], path: 'credentials.password.value', read: readPassword },
  ...hashFields.map((field) => ({
    keys: ['credentials', 'hash', field],
    path: `credentials.password.hash.${field}` as const,
    read: field === 'value' || field === 'salt' ? readSecret : readHashField,
  })),
  { keys: ['credentials', 'hook'], path: 'credentials.password.hook.type', read: choiceReader('default') },
  {
    keys: ['credentials', 'recoveryQuestion', 'question'],
    path: 'credentials.recovery_question.question',
    read: readSource,
  },
  {
    keys: ['credentials', 'recoveryQuestion', 'answer'],
    path: 'credentials.recovery_question.answer',
    read: readSecret,
  },
  {
    keys: ['credentials', 'provider', 'type'],
    path: 'credentials.provider.type',
    read: choiceReader('FEDERATION', 'SOCIAL'),
  },
  { keys: ['credentials', 'provider', 'name'], path: 'credentials.provider.name', read: readProviderName },
  { keys: ['groups'], path: 'groupIds', read: readSource },
  { keys: ['type'], path: 'type.id', read: readSource },
  { keys: ['realm'], path: 'realmId', read: readSource },
  { keys: ['realmId'], path: 'realmId', read: readSource },
  { keys: ['start'], path: 'start', read: readSource },
  { keys: ['end'], path: 'end', read: readSource },
];

/** Reads the value of a key, or of the keys below it, as far as `fieldKeys` knows them. */
export function readField(from: YamlValue, parents: readonly string[] = []): readonly FieldMapping[] {
  const keys = [...parents, from.key];
  const known = fieldKeys.filter((field) => keys.every((key, depth) => field.keys[depth] === key));
  const field = known.find((one) => one.keys.length === keys.length);
  if (field !== undefined) return toFieldMapping(field.path, from, field.read(from));
  const next = new Set(known.map((one) => one.keys[keys.length] ?? ''));
  return from.entries([...next]).flatMap((entry) => readField(entry, keys));
}

/** Reads the value of a profile attribute. */
export function readAttribute(from: YamlValue): readonly FieldMapping[] {
  if (isAttributeName(from.key)) return toFieldMapping(`profile.${from.key}`, from, readSource(from));
  from.report(
    `"${from.key}" cannot be an Okta attribute: names are letters, digits and _, and start with a letter.`,
  );
  return [];
}

function toFieldMapping(
  path: string,
  { line }: YamlValue,
  source: ValueSource | undefined,
): readonly FieldMapping[] {
  return source === undefined ? [] : [{ path, source, line }];
}

/** Secrets come from a column only: a mapping file is no place to keep them. */
function readSecret(from: YamlValue): ValueSource | undefined {
  if (!from.isMap) return readColumnSource(from);
  const [column] = from.entries(['column']);
  return column === undefined ? from.report(`${from.key} needs a column.`) : readColumnSource(column);
}

/** Every password policy accepts so many characters of four kinds, and Okta stores no more than the maximum. */
const GENERATED_LENGTH = { min: 12, max: 72 } as const;

/** A column, `{ generate: 16 }`, or both: then a row whose cell is empty gets a generated password. */
function readPassword(from: YamlValue): ValueSource | undefined {
  if (!from.isMap) return readColumnSource(from);
  const parts = new Map(from.entries(['column', 'generate']).map((part) => [part.key, part]));
  const [column, generate] = [parts.get('column'), parts.get('generate')];
  if (generate === undefined) {
    return column === undefined
      ? from.report(`${from.key} needs a column, or generate: with the length of the passwords.`)
      : readColumnSource(column);
  }
  const length = Number(generate.scalar);
  const { min, max } = GENERATED_LENGTH;
  if (!Number.isInteger(generate.scalar) || length < min || length > max) {
    return generate.report(`generate must be the length of the passwords, from ${min} to ${max}.`);
  }
  const source = column && readColumnSource(column);
  return column !== undefined && source === undefined
    ? undefined
    : { kind: 'generated', length, ...(source && { column: source }) };
}

/** `algorithm: BCRYPT` and `workFactor: 10` are constants; any other text is a column. */
function readHashField(from: YamlValue): ValueSource | undefined {
  const { key, scalar } = from;
  const isConstant =
    typeof scalar === 'number' || (typeof scalar === 'string' && isHashConstant(key, scalar));
  return isConstant ? { kind: 'constant', value: scalar } : readSource(from);
}

/** One of Okta's constants, in any case, or a map that says where it comes from. */
function choiceReader(...choices: readonly string[]): FieldKey['read'] {
  return (from) => {
    if (from.isMap) return readSource(from);
    const text = String(from.scalar).toLowerCase();
    const value = choices.find((choice) => choice.toLowerCase() === text);
    if (value !== undefined) return { kind: 'constant', value };
    return from.report(`${from.key} must be ${listOf([...choices, '{ column: ... }'], 'or')}.`);
  };
}

function readProviderName(from: YamlValue): ValueSource | undefined {
  if (from.isMap) return readSource(from);
  const value = readText(from);
  return value === undefined ? undefined : { kind: 'constant', value };
}
