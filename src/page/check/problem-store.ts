import type { CellProblem, FixId } from '../api/check.js';

/** A problem of a row, as it is kept. */
export interface StoredProblem extends CellProblem {
  /** What the suggestion does. */
  readonly fix: FixId | undefined;
}

/** The rows with the same kind of problem in the same column. */
export interface StoredGroup {
  readonly id: string;
  readonly code: string;
  readonly severity: 'problem' | 'warning';
  readonly columns: readonly number[];
  readonly rows: Set<number>;
  /** How many cells each fix would change. */
  readonly fixes: Map<FixId, number>;
}

/** The problems and warnings of all rows. */
export class ProblemStore {
  readonly #byRow = new Map<number, readonly StoredProblem[]>();
  readonly #groups = new Map<string, StoredGroup>();
  readonly problemRows = new Set<number>();
  readonly warningRows = new Set<number>();

  /** How many rows have any. */
  get size(): number {
    return this.#byRow.size;
  }

  of(row: number): readonly StoredProblem[] {
    return this.#byRow.get(row) ?? NONE;
  }

  set(row: number, problems: readonly StoredProblem[]): void {
    const former = this.#byRow.get(row);
    if (former === undefined && problems.length === 0) return;
    for (const problem of former ?? NONE) this.#remove(row, problem);
    if (problems.length === 0) this.#byRow.delete(row);
    else this.#byRow.set(row, problems);
    this.problemRows.delete(row);
    this.warningRows.delete(row);
    for (const problem of problems) this.#add(row, problem);
  }

  group(id: string): StoredGroup | undefined {
    return this.#groups.get(id);
  }

  /** Problems first, then by number of rows. */
  groups(): readonly StoredGroup[] {
    return [...this.#groups.values()].toSorted((one, other) =>
      one.severity === other.severity
        ? other.rows.size - one.rows.size || (one.id < other.id ? -1 : 1)
        : one.severity === 'problem'
          ? -1
          : 1,
    );
  }

  #add(row: number, problem: StoredProblem): void {
    (problem.severity === 'problem' ? this.problemRows : this.warningRows).add(row);
    const id = groupIdOf(problem);
    let group = this.#groups.get(id);
    if (group === undefined) {
      const { code, severity, columns } = problem;
      group = { id, code, severity, columns, rows: new Set(), fixes: new Map() };
      this.#groups.set(id, group);
    }
    group.rows.add(row);
    if (problem.fix !== undefined) group.fixes.set(problem.fix, (group.fixes.get(problem.fix) ?? 0) + 1);
  }

  #remove(row: number, problem: StoredProblem): void {
    const id = groupIdOf(problem);
    const group = this.#groups.get(id);
    if (group === undefined) return;
    group.rows.delete(row);
    if (problem.fix !== undefined) group.fixes.set(problem.fix, (group.fixes.get(problem.fix) ?? 0) - 1);
    if (group.rows.size === 0) this.#groups.delete(id);
  }
}

const NONE: readonly StoredProblem[] = [];

export function groupIdOf({
  code,
  severity,
  columns,
}: Pick<CellProblem, 'code' | 'severity' | 'columns'>): string {
  return [severity, code, ...columns].join('.');
}
