import type { GroupResolver } from '../../org/group-resolver.js';

import type { CheckedRow } from './checker.js';
import type { ProblemStore } from './problem-store.js';
import type { Sheet } from './sheet.js';

/** Names that are looked for in the list of the org's groups: each takes a few requests. */
const MAX_NAMES = 50;

/** Suggests a group of the org in place of one that it does not have. */
export class GroupNames {
  readonly #resolver: GroupResolver;
  readonly #signal: AbortSignal;
  /** Names of groups by row, of the rows that name an unknown one. */
  readonly #names = new Map<number, readonly string[]>();
  /** By name: the nearest one of the org. */
  readonly #nearest = new Map<string, string | undefined>();

  constructor(resolver: GroupResolver, signal: AbortSignal) {
    this.#resolver = resolver;
    this.#signal = signal;
  }

  take({ row, problems, groups }: CheckedRow): void {
    if (problems.some(({ code }) => code === 'unknown-group')) this.#names.set(row, groups);
  }

  /** Adds suggestions to the rows that were taken. */
  async suggest(store: ProblemStore, sheet: Sheet): Promise<void> {
    const options = { signal: this.#signal };
    for (const [row, names] of this.#names) {
      const unknown: string[] = [];
      for (const name of names) {
        const found = await this.#resolver.group(name, options);
        if ('isMissing' in found) unknown.push(name);
      }
      for (const name of unknown) {
        if (this.#nearest.has(name) || this.#nearest.size >= MAX_NAMES) continue;
        const [nearest] = await this.#resolver.similarNames(name, options);
        this.#nearest.set(name, nearest);
      }
      store.set(
        row,
        store.of(row).map((problem) => {
          const [column] = problem.columns;
          if (problem.code !== 'unknown-group' || column === undefined) return problem;
          const suggestion = this.#corrected(sheet.cells(row)[column] ?? '', unknown);
          return suggestion === undefined
            ? problem
            : { ...problem, suggestion, fix: 'did-you-mean' as const };
        }),
      );
    }
    this.#names.clear();
  }

  /** The cell with the nearest names in it; undefined if a name is not in it as it is. */
  #corrected(cell: string, unknown: readonly string[]): string | undefined {
    let text = cell;
    for (const name of unknown) {
      const nearest = this.#nearest.get(name);
      const parts = text.split(name);
      if (nearest !== undefined && parts.length === 2) text = parts.join(nearest);
    }
    return text === cell ? undefined : text;
  }
}
