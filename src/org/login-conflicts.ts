import type { OktaClient } from '../okta/client.js';
import { isSameLogin, withoutAccents } from '../okta/login.js';
import { searchLiteral } from '../okta/search-literal.js';
import type { User } from '../okta/types.js';
import type { CreateOperation, Planned } from '../rows/operation.js';
import { decided } from '../rows/outcome.js';
import type { Problem, ColumnOf } from '../rows/problem.js';

import { isListingFailure } from './broken-listing.js';
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
  const holders = new LoginHolders(options);
  let batch: Planned<CreateOperation>[] = [];
  let length = 0;
  for await (const items of planned) {
    for (const item of items) {
      batch.push(item);
      if (item.kind === 'create') length += termsOf(item).join(' or ').length + 4;
      if (length < MAX_EXPRESSION && batch.length < 500) continue;
      yield await decideBatch(batch, holders, options);
      batch = [];
      length = 0;
    }
  }
  yield await decideBatch(batch, holders, options);
}

async function decideBatch(
  batch: readonly Planned<CreateOperation>[],
  holders: LoginHolders,
  options: LoginConflictOptions,
): Promise<readonly Planned<CreateOperation>[]> {
  const users = await holders.of(batch.filter((item) => item.kind === 'create'));
  const result: Planned<CreateOperation>[] = [];
  for (const item of batch) {
    const planned = item.kind === 'create' ? await decide(item, users, options) : item;
    if (planned.kind === 'create') warnIfEmailTaken(planned, users, options);
    result.push(planned);
  }
  return result;
}

/** Finds the users who have the logins of creates. */
class LoginHolders {
  readonly #options: Pick<LoginConflictOptions, 'client' | 'signal'>;
  /** Whether no search has failed. */
  #canSearch = true;

  constructor(options: Pick<LoginConflictOptions, 'client' | 'signal'>) {
    this.#options = options;
  }

  /** @returns also users who have one of the emails, if the org can be searched. */
  async of(creates: readonly CreateOperation[]): Promise<readonly User[]> {
    const { client, signal } = this.#options;
    if (creates.length === 0 || signal.aborted) return [];
    try {
      if (this.#canSearch) return await this.#search(creates);
    } catch (error) {
      if (signal.aborted || !isListingFailure(error)) throw error;
      this.#canSearch = false;
    }
    const reads = creates.map(({ login }) => client.findUserByLogin(login, { signal }));
    return (await Promise.all(reads)).filter((user) => user !== undefined);
  }

  async #search(creates: readonly CreateOperation[]): Promise<readonly User[]> {
    const { client, signal } = this.#options;
    const search = [...new Set(creates.flatMap(termsOf))].join(' or ');
    const users: User[] = [];
    for await (const user of client.listUsers({ search, pageSize: 200 }, { signal, isOptional: true })) {
      users.push(user);
    }
    return users;
  }
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
