/**
 * The paths of values in Okta's request body that a file can set, in addition to `profile.<attribute>`; and the start and end date of
 * a person, which decide what is sent when.
 */
export const oktaFieldPaths = [
  'credentials.password.value',
  'credentials.password.hash.algorithm',
  'credentials.password.hash.value',
  'credentials.password.hash.salt',
  'credentials.password.hash.saltOrder',
  'credentials.password.hash.workFactor',
  'credentials.password.hash.iterationCount',
  'credentials.password.hash.keySize',
  'credentials.password.hash.digestAlgorithm',
  'credentials.password.hook.type',
  'credentials.recovery_question.question',
  'credentials.recovery_question.answer',
  'credentials.provider.type',
  'credentials.provider.name',
  'groupIds',
  'type.id',
  'realmId',
  'start',
  'end',
] as const;
export type OktaFieldPath = (typeof oktaFieldPaths)[number];

/** Values that never appear in a log, a report or a journal. */
export const secretPaths: ReadonlySet<string> = new Set<OktaFieldPath>([
  'credentials.password.value',
  'credentials.password.hash.value',
  'credentials.password.hash.salt',
  'credentials.recovery_question.answer',
]);
