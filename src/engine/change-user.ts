import type { RecordedUpdate } from '../journal/journal-line.js';
import type { OktaClient } from '../okta/client.js';
import type { User, UserStatus } from '../okta/types.js';
import type { ChangeOperation } from '../rows/operation.js';
import { failedWith, type LifecycleStep, type RowOutcome, type RowResult } from '../rows/outcome.js';

import type { ApplyContext } from './apply-context.js';
import { writeWithReadback, type NextStep, type WriteContext } from './follow-up-write.js';
import { reissueLink } from './keep-link.js';
import { isSameValue } from './profile-diff.js';
import { isSourcedElsewhere, RefusedChanges } from './sourced-user.js';

/**
 * Changes one user whom a data set knows by its Okta ID: its status, its profile and its groups. Journaled with everything
 * before the first write, so that a resumed run completes it and `undo` reverts it.
 *
 * @param interrupted - what an earlier process of this run was writing.
 * @throws only bugs.
 */
export async function changeUser(
  operation: ChangeOperation,
  context: WriteContext & ChangeContext,
  interrupted?: RecordedUpdate,
): Promise<RowOutcome> {
  const change = new UserChange(operation, context, interrupted);
  return writeWithReadback(operation, context, {
    action: 'updated',
    known: interrupted === undefined ? operation.user : undefined,
    update: (user) => change.record(user),
    next: (user) => change.next(user),
    written: () => change.written(),
    about: context.awaitsPeople?.(operation.row.row) === true ? { awaitsPeople: true } : undefined,
  });
}

type ChangeContext = Pick<
  ApplyContext,
  'client' | 'clock' | 'cancellation' | 'columnOf' | 'isMasteredByOkta' | 'links' | 'awaitsPeople'
>;

/** Statuses in which a step has nothing left to do. */
const REACHED: Readonly<Record<LifecycleStep, readonly UserStatus[]>> = {
  activate: ['ACTIVE', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'SUSPENDED'],
  unsuspend: ['ACTIVE', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT'],
  suspend: ['SUSPENDED', 'DEPROVISIONED'],
  deactivate: ['DEPROVISIONED'],
};

type KnownUser = Pick<User, 'status' | 'type' | 'profile' | 'credentials'>;

class UserChange {
  readonly #operation: ChangeOperation;
  readonly #client: OktaClient;
  readonly #context: ChangeContext;
  readonly #refused = new RefusedChanges();
  #changes: ChangeOperation['changes'];
  #joins: readonly string[];
  #leaves: readonly string[];
  #lifecycle: RecordedUpdate['lifecycle'];
  readonly #done = { status: false, profile: false, joined: new Set<string>(), left: new Set<string>() };

  constructor(operation: ChangeOperation, context: ChangeContext, interrupted: RecordedUpdate | undefined) {
    this.#operation = operation;
    this.#context = context;
    this.#client = context.client;
    const earlier = interrupted?.changes ?? [];
    this.#changes = [
      ...earlier,
      ...operation.changes.filter(
        ({ attribute }) => !earlier.some((change) => change.attribute === attribute),
      ),
    ];
    this.#joins = [...new Set([...(interrupted?.joins ?? []), ...operation.joins])];
    this.#leaves = [...new Set([...(interrupted?.leaves ?? []), ...operation.leaves])];
    this.#lifecycle = interrupted?.lifecycle;
  }

  /** For the journal, before the first write. */
  record({ status }: KnownUser): RecordedUpdate {
    const { oktaId, lifecycle } = this.#operation;
    if (lifecycle !== undefined) this.#lifecycle ??= { step: lifecycle, from: status };
    return {
      oktaId,
      changes: this.#changes,
      joins: this.#joins,
      ...(this.#leaves.length > 0 && { leaves: this.#leaves }),
      ...(this.#lifecycle && { lifecycle: this.#lifecycle }),
    };
  }

  next(user: KnownUser | undefined): NextStep {
    if (user === undefined) return { result: failedWith('ERR_USER_GONE', 'The user no longer exists.') };
    const { oktaId } = this.#operation;
    const step = this.#operation.lifecycle ?? this.#lifecycle?.step;
    const isStatusReached =
      step === undefined ||
      (REACHED[step].includes(user.status) && !(step === 'activate' && this.#lacksLink(user)));
    const missing = this.#changes.filter(
      ({ attribute, to }) =>
        !isSameValue(user.profile[attribute] ?? null, to) && !this.#refused.has(attribute),
    );
    const joins = this.#joins.filter((groupId) => !this.#done.joined.has(groupId));
    const leaves = this.#leaves.filter((groupId) => !this.#done.left.has(groupId));
    if (isStatusReached && missing.length === 0 && joins.length === 0 && leaves.length === 0) {
      return { result: this.#refusal(user) ?? this.#result(user.status) };
    }
    return {
      write: async (signal) => {
        let { status } = user;
        const doStep = async (isBackFirst: boolean): Promise<void> => {
          const isBack = step === 'activate' || step === 'unsuspend';
          if (step === undefined || isStatusReached || isBack !== isBackFirst) return;
          await this.#doStep(step, user, signal);
          this.#done.status = true;
          status = STATUS_AFTER[step];
        };
        // A deactivated user can be changed only when it is back.
        await doStep(true);
        if (missing.length > 0) {
          const profile = Object.fromEntries(missing.map(({ attribute, to }) => [attribute, to]));
          try {
            const { user: updated } = await this.#client.updateProfile(oktaId, profile, { signal });
            this.#done.profile = true;
            ({ status } = updated);
          } catch (error) {
            if (!isSourcedElsewhere(error)) throw error;
            this.#refused.add(missing, user, error, this.#context.isMasteredByOkta);
            return undefined;
          }
        }
        for (const groupId of joins) {
          await this.#client.addToGroup(groupId, oktaId, { signal });
          this.#done.joined.add(groupId);
        }
        for (const groupId of leaves) {
          await this.#client.removeFromGroup(groupId, oktaId, { signal });
          this.#done.left.add(groupId);
        }
        await doStep(false);
        return this.#refusal(user) ?? this.#result(status);
      },
    };
  }

  /** What was written before the operation failed, for `undo`; undefined for nothing. */
  written(): Extract<RowResult, { status: 'updated' }> | undefined {
    const { status, profile, joined, left } = this.#done;
    if (!status && !profile && joined.size === 0 && left.size === 0) return undefined;
    return {
      status: 'updated',
      oktaId: this.#operation.oktaId,
      userStatus: this.#operation.user?.status ?? 'ACTIVE',
      changes: profile ? this.#changes.filter(({ attribute }) => !this.#refused.has(attribute)) : [],
      joined: [...joined],
      ...(left.size > 0 && { left: [...left] }),
      ...(status && this.#lifecycle && { lifecycle: this.#lifecycle }),
      requestId: undefined,
    };
  }

  /** The result if Okta refused some of the changes. */
  #refusal(user: KnownUser): RowResult | undefined {
    const error = this.#refused.toError(user, this.#context.columnOf);
    if (error === undefined) return undefined;
    const written = this.written();
    return { status: 'failed', error, ...(written && { written }) };
  }

  async #doStep(step: LifecycleStep, user: KnownUser, signal: AbortSignal): Promise<void> {
    const { oktaId } = this.#operation;
    if (step !== 'activate') await this.#client.changeStatus(oktaId, step, { signal });
    else if (this.#lacksLink(user)) await this.#giveLink(user, signal);
    // A deactivated user who comes back, or a staged one whose first day it is, gets the activation email.
    else await this.#client.activateUser(oktaId, true, { signal });
  }

  /** Whether a user who is activated gets a link in a file, and is not in it yet. */
  #lacksLink({ credentials }: KnownUser): boolean {
    const { links } = this.#context;
    const isOktas = ['OKTA', 'IMPORT'].includes(credentials?.provider.type ?? 'OKTA');
    return isOktas && links !== undefined && !links.has(this.#operation.oktaId);
  }

  async #giveLink({ status, profile, credentials }: KnownUser, signal: AbortSignal): Promise<void> {
    const { oktaId } = this.#operation;
    const { links, cancellation } = this.#context;
    const isInvited = status === 'PROVISIONED' || status === 'RECOVERY';
    const link = isInvited
      ? await reissueLink(oktaId, this.#context, signal)
      : REACHED.activate.includes(status)
        ? undefined
        : await this.#client.activateUser(oktaId, false, { signal });
    const hasPassword = status !== 'DEPROVISIONED' && credentials?.password !== undefined;
    try {
      await links?.add({ oktaId, profile }, { link: hasPassword ? undefined : link });
    } catch (error) {
      cancellation.fail(error);
      throw error;
    }
  }

  #result(status: UserStatus): RowResult {
    const { oktaId, lifecycle: wanted, keptEdits, reason } = this.#operation;
    const lifecycle = this.#lifecycle;
    if ((wanted === 'suspend' || wanted === 'deactivate') && lifecycle !== undefined) {
      const to = status === 'DEPROVISIONED' ? 'deactivated' : 'suspended';
      return {
        status: to,
        oktaId,
        userStatus: status,
        lifecycle,
        ...(this.#changes.length > 0 && { changes: this.#changes }),
        ...(this.#joins.length > 0 && { joined: this.#joins }),
        ...(this.#leaves.length > 0 && { left: this.#leaves }),
        ...(reason !== undefined && { reason }),
      };
    }
    return {
      status: 'updated',
      oktaId,
      userStatus: status,
      changes: this.#changes,
      joined: this.#joins,
      ...(this.#leaves.length > 0 && { left: this.#leaves }),
      ...(lifecycle && { lifecycle }),
      ...(keptEdits && { keptEdits }),
      requestId: undefined,
    };
  }
}

const STATUS_AFTER: Readonly<Record<LifecycleStep, UserStatus>> = {
  activate: 'PROVISIONED',
  unsuspend: 'ACTIVE',
  suspend: 'SUSPENDED',
  deactivate: 'DEPROVISIONED',
};
