import type { OktaClient } from '../okta/client.js';
import { isSameLogin, withoutAccents } from '../okta/login.js';
import { searchLiteral } from '../okta/search-literal.js';
import type { User } from '../okta/types.js';
import type { Problem } from '../rows/problem.js';

import type { ColumnOf } from '../rows/problem.js';
import type { CreateOperation, Planned } from '../rows/operation.js';
import { decided } from '../rows/outcome.js';

/** Characters of a search expression: it has to fit into a URL, and into the Link header that repeats it (`E0000256`). */
const MAX_EXPRESSION = 1800;

export interface LoginConflictOptions {
  readonly client: OktaClient;
  readonly columnOf: ColumnOf;
  /** Is told of creates that only some orgs would refuse. */
  readonly warn: (warning: Problem, operation: CreateOperation) => void;
  readonly signal: AbortSignal;
}

/**
 * Finds the creates that the org would refuse because somebody holds the login, or the email, and makes them problems
 * of their rows. Reads only; some twenty rows a request, in file order.
 *
 * The search index may lag behind the org by a second or so: good enough for a dry run, and for nothing that writes.
 */
export async function* rejectTakenLogins(
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
      yield await rejectTaken(batch, options);
      batch = [];
      length = 0;
    }
  }
  yield await rejectTaken(batch, options);
}

async function rejectTaken(
  batch: readonly Planned<CreateOperation>[],
  { client, columnOf, warn, signal }: LoginConflictOptions,
): Promise<readonly Planned<CreateOperation>[]> {
  const terms = new Set(batch.flatMap((item) => (item.kind === 'create' ? termsOf(item) : [])));
  const users: User[] = [];
  if (terms.size > 0 && !signal.aborted) {
    const search = [...terms].join(' or ');
    for await (const user of client.listUsers({ search, pageSize: 200 }, { signal })) users.push(user);
  }
  return batch.map((item) => {
    const judgement = item.kind === 'create' ? unlessTaken(item, users, columnOf) : item;
    if (judgement.kind === 'create') warnIfEmailTaken(judgement, users, columnOf, warn);
    return judgement;
  });
}

/** Okta compares logins without case and accents, its search without case only: an accented login is asked for both ways. */
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

function unlessTaken(
  operation: CreateOperation,
  users: readonly User[],
  columnOf: ColumnOf,
): Planned<CreateOperation> {
  const { row, login } = operation;
  const holder = users.find((user) => isSameLogin(user.profile.login, login));
  if (holder === undefined) return operation;
  const { id, status } = holder;
  const holderState =
    status === 'DEPROVISIONED' ? 'who is deactivated, and keeps it until deleted' : `who is ${status}`;
  const problem = {
    code: 'login-taken',
    column: columnOf('login'),
    message: `the login "${login}" is taken by user ${id}, ${holderState}.`,
  };
  return decided(row, login, { status: 'invalid', problems: [problem] });
}

/** Emails need not be unique, but orgs with self-service registration refuse one that is taken, and blame the login (users.md, section 4). */
function warnIfEmailTaken(
  operation: CreateOperation,
  users: readonly User[],
  columnOf: ColumnOf,
  warn: LoginConflictOptions['warn'],
): void {
  const { email } = operation.request.profile;
  if (typeof email !== 'string') return;
  const holder = users.find(({ profile }) => String(profile['email']).toLowerCase() === email.toLowerCase());
  if (holder === undefined) return;
  warn(
    {
      code: 'email-taken',
      column: columnOf('email'),
      message: `the email "${email}" is that of user ${holder.id} (${holder.status}) as well: an org with self-service registration refuses it, and says that the login is taken.`,
    },
    operation,
  );
}
