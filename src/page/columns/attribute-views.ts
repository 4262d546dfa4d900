import { nameOf } from '../../mapping/match-header.js';
import { oktaFieldPaths, type OktaFieldPath } from '../../mapping/okta-field-paths.js';
import type { UserSchemaAttribute } from '../../okta/types.js';
import type { OrgMetadata } from '../../org/org-metadata.js';
import { baseSchema } from '../../validation/user-schema.js';
import type { AttributeView } from '../api/columns.js';

/** What is no attribute: its label, and what it is. */
const FIELDS: Readonly<Record<OktaFieldPath, readonly [label: string, type: string]>> = {
  groupIds: ['Groups', 'groups'],
  'type.id': ['User type', 'type'],
  realmId: ['Realm', 'realm'],
  start: ['First day', 'date'],
  end: ['Last day', 'date'],
  'credentials.password.value': ['Password', 'password'],
  'credentials.recovery_question.question': ['Recovery question', 'string'],
  'credentials.recovery_question.answer': ['Recovery answer', 'password'],
  'credentials.password.hash.algorithm': ['Password hash: algorithm', 'hash'],
  'credentials.password.hash.value': ['Password hash: value', 'password'],
  'credentials.password.hash.salt': ['Password hash: salt', 'password'],
  'credentials.password.hash.saltOrder': ['Password hash: salt order', 'hash'],
  'credentials.password.hash.workFactor': ['Password hash: work factor', 'hash'],
  'credentials.password.hash.iterationCount': ['Password hash: iteration count', 'hash'],
  'credentials.password.hash.keySize': ['Password hash: key size', 'hash'],
  'credentials.password.hash.digestAlgorithm': ['Password hash: digest algorithm', 'hash'],
  'credentials.password.hook.type': ['Password inline hook', 'hook'],
  'credentials.provider.type': ['Authentication provider: type', 'provider'],
  'credentials.provider.name': ['Authentication provider: name', 'provider'],
};

/** All that a column can feed: the attributes that users need first, and what is no attribute last. */
export function attributeViews({ attributes, schemaFor }: OrgMetadata): readonly AttributeView[] {
  const required = new Set(schemaFor(undefined)?.required);
  const views = Object.entries(attributes)
    .filter(([, { mutability }]) => mutability !== 'READ_ONLY')
    .map(([name, attribute]) => attributeView(name, attribute, required.has(name)));
  return [
    ...views.filter(({ isRequired }) => isRequired),
    ...views.filter(({ isRequired }) => !isRequired),
    ...[...oktaFieldPaths].toSorted(byLikelihood).map(fieldView),
  ];
}

function attributeView(name: string, attribute: UserSchemaAttribute, isRequired: boolean): AttributeView {
  const { title, type, format, oneOf, items } = attribute;
  return {
    path: `profile.${name}`,
    name,
    label: title ?? name,
    type: format?.startsWith('date') === true ? 'date' : type,
    isRequired,
    isCustom: !Object.hasOwn(baseSchema.attributes, name),
    oneOf: (oneOf ?? items?.oneOf ?? []).map((one) => one.title),
  };
}

function fieldView(path: OktaFieldPath): AttributeView {
  const [label, type] = FIELDS[path];
  return { path, name: nameOf(path), label, type, isRequired: false, isCustom: false, oneOf: [] };
}

const ORDER = Object.keys(FIELDS);

function byLikelihood(one: string, other: string): number {
  return ORDER.indexOf(one) - ORDER.indexOf(other);
}
