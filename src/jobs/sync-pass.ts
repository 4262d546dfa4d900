import { LoginOrder } from '../engine/login-order.js';
import { planImport, type CheckedRow } from '../engine/plan.js';
import type { EmploymentDates } from '../mapping/employment-dates.js';
import type { GroupResolver } from '../org/group-resolver.js';
import type { Cancellation } from '../rows/cancellation.js';
import type { CreateOperation, PendingLink, Planned } from '../rows/operation.js';
import { decided, type RowOutcome } from '../rows/outcome.js';
import { onLine } from '../rows/place.js';
import type { Problem } from '../rows/problem.js';
import type { Dataset, Member } from '../sync/dataset.js';
import { matchKey } from '../sync/match-key.js';
import { planPerson, type PersonContext, type PersonPlan } from '../sync/plan-person.js';
import { loginUseOf, takenLogin } from '../sync/taken-logins.js';

import type { Checks } from './compile-checks.js';
import type { InputRow } from './input.js';
import { mapAhead } from './map-ahead.js';
import type { RowMerging } from './merge-rows.js';
import type { ResolvedOptions } from './options.js';

type DecidedItem = Extract<Planned, { kind: 'decided' }>;

/** A row of a sync, planned. */
export type PlannedPerson =
  | { readonly kind: 'decided'; readonly item: DecidedItem }
  | { readonly kind: 'person'; readonly operation: CreateOperation; readonly plan: PersonPlan };

export interface PassContext {
  readonly checks: Checks;
  readonly options: ResolvedOptions;
  /** See `PlanOptions`. */
  readonly writesLinks?: boolean | undefined;
  readonly groupResolver: GroupResolver | undefined;
  readonly cancellation: Cancellation;
  readonly people: Omit<PersonContext, 'signal' | 'columnOf'>;
  readonly seen: SeenPeople;
  /** Undefined if rows of the file are never merged. */
  readonly merging: RowMerging | undefined;
  /** Undefined when nothing is written: no groups are created then. */
  readonly onGroupCreated?: ((groupId: string, name: string) => Promise<void>) | undefined;
  /** In a resumed run: the final outcome of a row. */
  readonly settledEarlier?: ((row: number) => RowOutcome | undefined) | undefined;
}

/** Plans every row of the file in order, those that wait for a login last. Both passes use it, so that they decide alike. */
export async function* planPeople(
  rows: AsyncIterable<readonly InputRow[]>,
  context: PassContext,
): AsyncGenerator<PlannedPerson> {
  const { checks, options, cancellation, people, seen } = context;
  const { settings } = people;
  const keys = new Map<number, { readonly key: string; readonly dates: EmploymentDates }>();
  const withKeys = async function* (): AsyncGenerator<readonly CheckedRow[]> {
    const isSettled =
      context.settledEarlier && ((row: number) => context.settledEarlier?.(row) !== undefined);
    const { hiddenRows } = options;
    for await (const batch of checks.check(rows, { isSettled, hiddenRows, merging: context.merging })) {
      yield batch.map((checked) => {
        // The row that it follows is the person's.
        if (checked.follows !== undefined) return checked;
        const { key, problem } = seen.add(checked, checks.columnOf(settings.match));
        const { row, dates = {} } = checked.mapped;
        if (key !== undefined) keys.set(row.row, { key, dates });
        return problem === undefined ? checked : { ...checked, problems: [...checked.problems, problem] };
      });
    }
  };
  const planned = planImport(withKeys(), {
    activate: options.activate,
    changePassword: options.changePassword,
    writesLinks: context.writesLinks,
    settledEarlier: context.settledEarlier,
    groupResolver: context.groupResolver,
    mayUserExist: true,
    onGroupCreated: context.onGroupCreated,
    columnOf: checks.columnOf,
    groupColumns: checks.groupColumns,
    cancellation,
  });
  const items = async function* (): AsyncGenerator<Planned<CreateOperation>> {
    for await (const batch of planned) yield* batch;
  };
  // Planning a row creates its groups, and must not run ahead of rows that may stop the run.
  const createsGroups = options.createGroups && context.onGroupCreated !== undefined;
  const plans = mapAhead(
    items(),
    createsGroups ? 1 : options.concurrency,
    async (item): Promise<PlannedPerson> => {
      const { row } = item.row;
      const person = keys.get(row);
      keys.delete(row);
      // A row without a key has a problem, so it is decided.
      if (item.kind === 'decided' || person === undefined) return { kind: 'decided', item: asDecided(item) };
      const { signal } = cancellation;
      const operation = await withKnownPeople(item, context);
      const plan = await planPerson(
        { operation, ...person },
        { ...people, columnOf: checks.columnOf, signal },
      );
      if (plan.kind === 'existing') seen.addUser(plan.user.id);
      if (plan.kind !== 'problem') return { kind: 'person', operation, plan };
      const { problems, oktaId } = plan;
      if (oktaId !== undefined) seen.addUser(oktaId);
      return { kind: 'decided', item: decided(item.row, item.login, { status: 'invalid', problems }) };
    },
  );
  const logins = new LoginOrder<Extract<PlannedPerson, { kind: 'person' }>>();
  for await (const person of plans) {
    if (person.kind === 'decided' || logins.add(person, loginUseOf(person.plan))) yield person;
  }
  yield* logins.released();
  for (const { operation, plan } of logins.stuck) {
    const { row, login } = operation;
    const problem = takenLogin(login, plan, { match: settings.match, columnOf: checks.columnOf });
    yield { kind: 'decided', item: decided(row, login, { status: 'invalid', problems: [problem] }) };
  }
}

function asDecided(item: Planned<CreateOperation>): DecidedItem {
  if (item.kind === 'decided') return item;
  throw new Error(`Row ${item.row.row} has neither a match key nor a problem.`);
}

/** Fills in the IDs of people who have a user already; the others follow when their users exist. */
async function withKnownPeople(
  operation: CreateOperation,
  { checks: { links }, people: { users }, cancellation: { signal } }: PassContext,
): Promise<CreateOperation> {
  const { row } = operation.row;
  const waiting = links.get(row);
  if (waiting === undefined) return operation;
  const values: Record<string, string> = {};
  const unknown: PendingLink[] = [];
  for (const link of waiting) {
    const user = await users.byLogin(link.login, signal);
    if (user === undefined) unknown.push(link);
    else values[link.attribute] = user.id;
  }
  if (unknown.length > 0) links.set(row, unknown);
  else links.delete(row);
  const { request } = operation;
  return { ...operation, request: { ...request, profile: { ...request.profile, ...values } } };
}

/** Which people the file has, by the digests of their keys. */
export class SeenPeople {
  readonly #dataset: Dataset;
  readonly #match: string;
  /** Line of the first row of each key; the row number for records, which have no line. */
  readonly #first = new Map<string, number>();
  readonly #repeated = new Set<string>();
  readonly #members = new Set<string>();
  /** Rows of which it is not known whose they are: any leaver may be one of them. */
  unknownRows = 0;
  #isComplete = false;

  constructor(dataset: Dataset, match: string) {
    this.#dataset = dataset;
    this.#match = match;
  }

  /** The first pass is over: the second only looks up what is repeated. */
  complete(): void {
    this.#isComplete = true;
  }

  /** The file has the user, under another key than the data set. */
  addUser(oktaId: string): void {
    this.#members.add(oktaId);
  }

  has({ oktaId }: Member): boolean {
    return this.#members.has(oktaId);
  }

  add(
    { mapped, problems }: CheckedRow,
    column: string | undefined,
  ): { readonly key: string | undefined; readonly problem: Problem | undefined } {
    const { row, login, request } = mapped;
    const key = matchKey(request.profile, this.#match);
    // A member whose key was changed in the file is not missing, whatever comes of the row.
    const member =
      (key === undefined ? undefined : this.#dataset.find(this.#dataset.keyOf(key))) ??
      (login === undefined ? undefined : this.#dataset.findByLogin(login));
    if (member !== undefined) this.#members.add(member.oktaId);
    const isKeyRead = key !== undefined && !problems.some((problem) => isDamage(problem, column));
    if (member === undefined && !isKeyRead && !this.#isComplete) this.unknownRows += 1;
    if (key === undefined) {
      // A missing login has its own problem already.
      if (
        this.#match === 'login' ||
        problems.some((problem) => problem.column === column && column !== undefined)
      ) {
        return { key, problem: undefined };
      }
      const message = `The row has no ${this.#match}, by which people are matched (--match).`;
      return { key, problem: { code: 'match-key-missing', column, message } };
    }
    const first = this.#first.get(key);
    const place = row.line === 0 ? row.row : row.line;
    if (first === undefined) this.#first.set(key, place);
    else if (first !== place) this.#repeated.add(key);
    if (!this.#repeated.has(key) || this.#match === 'login') return { key, problem: undefined };
    const where = row.line === 0 ? `row ${first ?? place}` : onLine(first ?? place, row.lineLabel);
    const message = `Several rows have the same ${this.#match}, by which people are matched (--match); the first is ${where}.`;
    return { key, problem: { code: 'match-key-repeated', column, message } };
  }
}

/** Problems that leave no doubt about the key: the row is not a person, or its key was readable. */
const WITH_KEY: ReadonlySet<string> = new Set([
  'login-repeated',
  'empty-row',
  'header-repeated',
  'not-a-person',
]);

/** Whether a problem concerns the key or the whole row, so that the key may have been misread. */
function isDamage({ code, column }: Problem, keyColumn: string | undefined): boolean {
  return (column === undefined || column === keyColumn) && !WITH_KEY.has(code);
}
