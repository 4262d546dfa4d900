import type { RecordedUpdate } from '../journal/journal-line.js';
import type { ProfileValue } from '../okta/types.js';
import type { IndexedUser } from '../org/user-index.js';
import type { Change, WrittenChange } from '../rows/outcome.js';

import { isSameValue } from './profile-diff.js';

/** What still has to be written to a user. */
export interface MissingUpdate {
  readonly changes: readonly Change[];
  /** Group IDs. */
  readonly joins: readonly string[];
}

/** Everything that the update of one user has sent, and what of it is known to be written: `undo` needs both. */
export class UpdateRecord {
  /** By attribute; `from` is the value before the first write. */
  readonly #changes = new Map<string, Change>();
  /** Group IDs. */
  readonly #joins = new Set<string>();
  readonly #writtenAttributes = new Set<string>();
  readonly #joinedGroups = new Set<string>();
  #requestId: string | undefined;
  #mayHaveWritten: boolean;

  /** @param interrupted - what an earlier process of this run was writing. */
  constructor(interrupted: RecordedUpdate | undefined) {
    for (const change of interrupted?.changes ?? []) this.#changes.set(change.attribute, change);
    for (const groupId of interrupted?.joins ?? []) this.#joins.add(groupId);
    this.#mayHaveWritten = interrupted !== undefined;
  }

  /** Whether the org may have something of this update that is not complete. */
  get mayHaveWritten(): boolean {
    return this.#mayHaveWritten;
  }

  /** @returns what to journal before `missing` is sent: everything sent so far, and `missing`. */
  add(oktaId: string, missing: MissingUpdate): RecordedUpdate {
    for (const { attribute, from, to } of missing.changes) {
      const first = this.#changes.get(attribute);
      this.#changes.set(attribute, { attribute, from: first === undefined ? from : first.from, to });
    }
    for (const groupId of missing.joins) this.#joins.add(groupId);
    return { oktaId, changes: [...this.#changes.values()], joins: [...this.#joins] };
  }

  /** A write got no response that says whether it succeeded. */
  markInDoubt(): void {
    this.#mayHaveWritten = true;
  }

  markWritten(changes: readonly Change[], requestId: string | undefined): void {
    for (const { attribute } of changes) this.#writtenAttributes.add(attribute);
    this.#requestId = requestId;
    this.#mayHaveWritten = true;
  }

  markJoined(groupId: string): void {
    this.#joinedGroups.add(groupId);
    this.#mayHaveWritten = true;
  }

  /** The former owner of the login got everything back. */
  markReverted(): void {
    this.#mayHaveWritten = false;
  }

  /** A written attribute is not sent again, even if Okta shows its value in another spelling. */
  isWritten({ attribute }: Change): boolean {
    return this.#writtenAttributes.has(attribute);
  }

  hasJoined(groupId: string): boolean {
    return this.#joinedGroups.has(groupId);
  }

  get joinedGroups(): ReadonlySet<string> {
    return this.#joinedGroups;
  }

  /** The values from before the update, by attribute. */
  formerValues(): Record<string, ProfileValue> {
    return Object.fromEntries([...this.#changes.values()].map(({ attribute, from }) => [attribute, from]));
  }

  /** The complete update; undefined when nothing had to be written. */
  complete({ id, status }: IndexedUser): UpdatedChange | undefined {
    if (this.#changes.size === 0 && this.#joins.size === 0) return undefined;
    return {
      status: 'updated',
      oktaId: id,
      userStatus: status,
      changes: [...this.#changes.values()],
      joined: [...this.#joins],
      requestId: this.#requestId,
    };
  }

  /** The part of a failed update that was written; undefined for nothing. */
  partial({ id, status, profile }: IndexedUser): WrittenChange | undefined {
    const changes = [...this.#changes.values()].filter(
      (change) => this.isWritten(change) || isSameValue(profile[change.attribute] ?? null, change.to),
    );
    const joined = [...this.#joinedGroups];
    if (changes.length === 0 && joined.length === 0) return undefined;
    return { status: 'updated', oktaId: id, userStatus: status, changes, joined };
  }
}

type UpdatedChange = Extract<WrittenChange, { status: 'updated' }> & {
  readonly requestId: string | undefined;
};
