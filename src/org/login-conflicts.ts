import type { OktaClient } from '../okta/client.js';
import { isSameLogin, withoutAccents } from '../okta/login.js';
import { searchLiteral } from '../okta/search-literal.js';
import type { User } from '../okta/types.js';
import type { CreateOperation, Planned } from '../rows/operation.js';
import { decided } from '../rows/outcome.js';
import type { Problem, ColumnOf } from '../rows/problem.js';

import { userStatusText } from './user-status.js';

/** In characters: a search expression must fit into a URL, and into the Link header that repeats it (`E0000256`). */
const MAX_EXPRESSION = 1800;

export interface LoginConflictOptions {
  readonly client: OktaClient;
  readonly columnOf: ColumnOf;
  /** What a create comes to whose login a user has. Default: an invalid row. */
  readonly decideTaken?:
    | ((operation: CreateOperation, user: User) => Promise<Planned<CreateOperation>>)
    | undefined;
  /** Called for creates that only some orgs would reject. */
  readonly warn: (warning: Problem, operation: CreateOperation) => void;
  readonly signal: AbortSignal;
}

/**
 * Decides creates whose login already exists, and warns of emails that already exist. The others are judged by what only a
 * create needs. Only reads; about twenty rows per request, in file order.
 *
 * The search index may lag behind the org by about a second, which is good enough for a dry run but not for writing.
 */
export async function* decideTakenLogins(
  planned: AsyncIterable<readonly Planned<CreateOperation>[]>,
  options: LoginConflictOptions,
): AsyncGenerator<readonly Planned<CreateOperation>[]> {
  let batch: Planned<CreateOperation>[] = [];
  let length = 0;
  for await (const items of planned) {
    for (const item of items) {
      batch.push(item);
      if (item.kind === 'create') length += termsOf(item).join(' or ').length + 4;
      if (length < MAX_EXPRESSION && batch.length < 500) continue;
      yield await decideBatch(batch, options);
      batch = [];
      length = 0;
    }
  }
  yield await decideBatch(batch, options);
}

async function decideBatch(
  batch: readonly Planned<CreateOperation>[],
  options: LoginConflictOptions,
): Promise<readonly Planned<CreateOperation>[]> {
  const { client, signal } = options;
  const terms = new Set(batch.flatMap((item) => (item.kind === 'create' ? termsOf(item) : [])));
  const users: User[] = [];
  if (terms.size > 0 && !signal.aborted) {
    const search = [...terms].join(' or ');
    for await (const user of client.listUsers({ search, pageSize: 200 }, { signal })) users.push(user);
  }
  const result: Planned<CreateOperation>[] = [];
  for (const item of batch) {
    const planned = item.kind === 'create' ? await decide(item, users, options) : item;
    if (planned.kind === 'create') warnIfEmailTaken(planned, users, options);
    result.push(planned);
  }
  return result;
}

async function decide(
  operation: CreateOperation,
  users: readonly User[],
  { columnOf, decideTaken }: LoginConflictOptions,
): Promise<Planned<CreateOperation>> {
  const { row, login, createProblems = [] } = operation;
  const holder = users.find((user) => isSameLogin(user.profile.login, login));
  if (holder !== undefined) return decideTaken?.(operation, holder) ?? takenBy(holder, operation, columnOf);
  return createProblems.length > 0
    ? decided(row, login, { status: 'invalid', problems: createProblems })
    : operation;
}

/** Okta ignores case and accents in logins, but its search only ignores case: a login with accents is searched both ways. */
function termsOf({ login, request }: CreateOperation): string[] {
  const plain = withoutAccents(login);
  const { email } = request.profile;
  return [
    ...new Set([
      `profile.login eq ${searchLiteral(login)}`,
      `profile.login eq ${searchLiteral(plain)}`,
      ...(typeof email === 'string' && email !== login ? [`profile.email eq ${searchLiteral(email)}`] : []),
    ]),
  ];
}

/** A row that cannot be created because a user has its login. */
export function takenBy(
  { id, status }: User,
  { row, login }: CreateOperation,
  columnOf: ColumnOf,
): Planned<never> {
  const hint = status === 'DEPROVISIONED' ? ' It is free again when that user is deleted.' : '';
  const problem = {
    code: 'login-taken',
    column: columnOf('login'),
    message: `The login "${login}" already exists in Okta (user ${id}, ${userStatusText(status)}).${hint}`,
  };
  return decided(row, login, { status: 'invalid', problems: [problem] });
}

/** Emails need not be unique, but orgs with self-service registration reject a duplicate, and report it as a duplicate login. */
function warnIfEmailTaken(
  operation: CreateOperation,
  users: readonly User[],
  { columnOf, warn }: LoginConflictOptions,
): void {
  const { email } = operation.request.profile;
  if (typeof email !== 'string') return;
  const holder = users.find(({ profile }) => String(profile['email']).toLowerCase() === email.toLowerCase());
  if (holder === undefined) return;
  warn(
    {
      code: 'email-taken',
      column: columnOf('email'),
      message: `The email "${email}" already exists in Okta (user ${holder.id}, ${userStatusText(holder.status)}). Orgs with self-service registration reject it, and report the login as a duplicate.`,
    },
    operation,
  );
}
