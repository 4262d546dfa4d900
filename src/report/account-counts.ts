import { writtenChangeOf, type RowOutcome, type WrittenChange } from '../rows/outcome.js';

/** Which of a run's users can sign in, and what they wait for. */
export interface AccountCounts {
  /** Activation emails that Okta sent because of this run. */
  readonly emailed: number;
  /** Users who can sign in now. */
  readonly canSignIn: number;
  /** Users who have to choose a password first, with the link that Okta emailed. */
  readonly pending: number;
  /** Users who cannot sign in before they are activated. */
  readonly staged: number;
  /** Suspended, locked out or deactivated users. */
  readonly blocked: number;
}

const STATES: Readonly<Record<WrittenChange['userStatus'], Exclude<keyof AccountCounts, 'emailed'>>> = {
  ACTIVE: 'canSignIn',
  // With the old password, which has to be replaced then.
  PASSWORD_EXPIRED: 'canSignIn',
  PROVISIONED: 'pending',
  RECOVERY: 'pending',
  STAGED: 'staged',
  SUSPENDED: 'blocked',
  LOCKED_OUT: 'blocked',
  DEPROVISIONED: 'blocked',
};

/** Counts the accounts of an import while its rows complete. */
export class AccountCounter {
  readonly #counts = { emailed: 0, canSignIn: 0, pending: 0, staged: 0, blocked: 0 };

  add(outcome: RowOutcome): void {
    const written = writtenChangeOf(outcome);
    const user = written ?? outcome;
    if (!('userStatus' in user)) return;
    const { userStatus } = user;
    this.#counts[STATES[userStatus]] += 1;
    // Who is activated without a password gets an email (Users, "User creation details and outcomes").
    if (written?.status === 'created' && userStatus === 'PROVISIONED') this.#counts.emailed += 1;
  }

  get counts(): AccountCounts {
    return { ...this.#counts };
  }
}
