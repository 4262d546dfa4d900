import { OktaApiError } from '../okta/errors.js';
import type { IndexedUser } from '../org/user-index.js';
import type { CreateOperation } from '../rows/operation.js';
import type { Change, ReportedError } from '../rows/outcome.js';
import type { ColumnOf, Problem, WarningCode } from '../rows/problem.js';
import { listOf, quoted } from '../text.js';

/** Whether Okta itself masters an attribute of a user type, also for users whose profile comes from elsewhere. */
export type IsMasteredByOkta = (attribute: string, typeId: string) => boolean;

/** 403 `E0000023`: the profile comes from a directory or HR system. Okta does not say which attributes it is about. */
export function isSourcedElsewhere(error: unknown): error is OktaApiError {
  return error instanceof OktaApiError && error.errorCode === 'E0000023';
}

/** What Okta refused to change of one user, since the profile comes from elsewhere. */
export class RefusedChanges {
  readonly #attributes = new Set<string>();
  #refusal: OktaApiError | undefined;

  has(attribute: string): boolean {
    return this.#attributes.has(attribute);
  }

  /** Of changes that were refused together, those of attributes that Okta does not master, or else all, are to be sent no more. */
  add(
    changes: readonly Change[],
    { type }: Pick<IndexedUser, 'type'>,
    refusal: OktaApiError,
    isMasteredByOkta: IsMasteredByOkta | undefined,
  ): void {
    this.#refusal = refusal;
    const others = changes.filter(({ attribute }) => isMasteredByOkta?.(attribute, type.id) !== true);
    for (const { attribute } of others.length === 0 ? changes : others) this.#attributes.add(attribute);
  }

  /** The error of the row; undefined when nothing was refused. */
  toError(user: Pick<IndexedUser, 'credentials'>, columnOf: ColumnOf): ReportedError | undefined {
    if (this.#refusal === undefined) return undefined;
    const source = sourceOf(user) ?? 'another system';
    const names = listOf([...this.#attributes].map((attribute) => withColumn(attribute, columnOf)));
    const them = this.#attributes.size === 1 ? 'it' : 'them';
    const message = `The profile of this user comes from ${source}, and Okta refuses to change ${names}. Change ${them} there.`;
    return { errorCode: 'E0000023', message, requestId: this.#refusal.requestId };
  }
}

/** What a dry run can tell about an update of a directory's user; undefined for other users. */
export function sourcedWarning(
  { login }: Pick<CreateOperation, 'login'>,
  user: IndexedUser,
  changed: readonly string[],
  {
    columnOf,
    isMasteredByOkta,
  }: { readonly columnOf: ColumnOf; readonly isMasteredByOkta: IsMasteredByOkta },
): Problem | undefined {
  const source = sourceOf(user);
  const refused = changed.filter((attribute) => !isMasteredByOkta(attribute, user.type.id));
  if (source === undefined || refused.length === 0) return undefined;
  return {
    code: 'sourced-elsewhere' satisfies WarningCode,
    column: columnOf('profile.login'),
    message: `The profile of "${login}" (${user.id}) comes from ${source}. Okta may refuse to change ${listOf(refused)}.`,
  };
}

const DIRECTORIES: Readonly<Record<string, string>> = { ACTIVE_DIRECTORY: 'Active Directory', LDAP: 'LDAP' };

/** `Active Directory "corp.example.com"`; undefined for a user of Okta, or of a system that only signs the user in. */
function sourceOf({ credentials }: Pick<IndexedUser, 'credentials'>): string | undefined {
  const { type = '', name = '' } = credentials?.provider ?? {};
  const directory = DIRECTORIES[type];
  return directory === undefined || name === '' ? directory : `${directory} ${quoted(name)}`;
}

function withColumn(attribute: string, columnOf: ColumnOf): string {
  const column = columnOf(`profile.${attribute}`);
  return column === undefined || column === attribute ? attribute : `${attribute} (column "${column}")`;
}
