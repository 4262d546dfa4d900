/** What a header row may name: the path of a value in Okta's body, `profile.title` or one of these. */
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
] as const;
export type OktaFieldPath = (typeof oktaFieldPaths)[number];

/** Values that never reach a log, a report or a journal. */
export const secretPaths: ReadonlySet<string> = new Set<OktaFieldPath>([
  'credentials.password.value',
  'credentials.password.hash.value',
  'credentials.password.hash.salt',
  'credentials.recovery_question.answer',
]);
