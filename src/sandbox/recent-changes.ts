/** A change that a delayed view does not show yet. */
export interface RecentChange<State> {
  readonly atMs: number;
  /** The state that the view still shows. */
  readonly before: State;
}

/** Remembers what things were before they changed, for as long as a delayed view of the org shows that. */
export class RecentChanges<Key, State> {
  readonly #delayMs: number;
  readonly #now: () => number;
  /** In the order of the last change, so that old ones are found at the beginning. */
  readonly #changes = new Map<Key, RecentChange<State>[]>();

  constructor(options: { readonly delayMs: number; readonly now: () => number }) {
    this.#delayMs = options.delayMs;
    this.#now = options.now;
  }

  get isOn(): boolean {
    return this.#delayMs > 0;
  }

  /** Is called before the change, in the order of time. */
  record(key: Key, before: State): void {
    if (!this.isOn) return;
    this.#forgetOld();
    const changes = this.#changes.get(key) ?? [];
    changes.push({ atMs: this.#now(), before });
    this.#changes.delete(key);
    this.#changes.set(key, changes);
  }

  /** Oldest first; none when the view is up to date. */
  of(key: Key): readonly RecentChange<State>[] {
    const visibleAtMs = this.#visibleAtMs();
    return this.#changes.get(key)?.filter(({ atMs }) => atMs > visibleAtMs) ?? [];
  }

  /** The keys with a change that the view does not show yet. */
  keys(): Iterable<Key> {
    this.#forgetOld();
    return this.#changes.keys();
  }

  /** Whether the first half of the delay of a change has passed. */
  isHalfway({ atMs }: RecentChange<State>): boolean {
    return this.#now() - atMs >= this.#delayMs / 2;
  }

  #forgetOld(): void {
    const visibleAtMs = this.#visibleAtMs();
    for (const [key, changes] of this.#changes) {
      if ((changes.at(-1)?.atMs ?? 0) > visibleAtMs) return;
      this.#changes.delete(key);
    }
  }

  /** Changes until then are visible. */
  #visibleAtMs(): number {
    return this.#now() - this.#delayMs;
  }
}
