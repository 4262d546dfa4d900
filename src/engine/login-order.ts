/** The login that a change needs and the one that it gives up, as keys of logins or of the users who have them. */
export interface LoginUse {
  /** A login that another change gives up; undefined for a free login. */
  readonly needs: string | undefined;
  readonly gives: string | undefined;
}

/**
 * Orders changes so that a login is given up before another user gets it: a change that needs a login comes after the others,
 * and after the one that gives the login up.
 */
export class LoginOrder<T> {
  readonly #given = new Set<string>();
  #waiting: { readonly change: T; readonly use: LoginUse & { readonly needs: string } }[] = [];

  /** @returns whether the change can go ahead; otherwise it is released later. */
  add(change: T, { needs, gives }: LoginUse): boolean {
    if (needs === undefined) this.#give(gives);
    else this.#waiting.push({ change, use: { needs, gives } });
    return needs === undefined;
  }

  /** The changes that waited. */
  *released(): Generator<T> {
    for (;;) {
      const ready = this.#waiting.filter(({ use }) => this.#given.has(use.needs));
      if (ready.length === 0) return;
      this.#waiting = this.#waiting.filter(({ use }) => !this.#given.has(use.needs));
      for (const { change, use } of ready) {
        this.#give(use.gives);
        yield change;
      }
    }
  }

  /** Changes whose login no other change gives up, or that wait for each other. */
  get stuck(): readonly T[] {
    return this.#waiting.map(({ change }) => change);
  }

  #give(key: string | undefined): void {
    if (key !== undefined) this.#given.add(key);
  }
}

/** Applies changes in the order of their logins, several at once where possible. */
export class LoginHandover {
  readonly #given = new Map<string, Promise<unknown>>();

  /** Applies a change once an earlier change has given up the login that it needs. */
  apply<Outcome>({ needs, gives }: LoginUse, apply: () => Promise<Outcome>): Promise<Outcome> {
    const earlier = needs === undefined ? undefined : this.#given.get(needs);
    const applied = earlier === undefined ? apply() : earlier.then(apply);
    if (gives !== undefined) this.#given.set(gives, applied);
    return applied;
  }
}
