import { ColumnsError } from '../mapping/columns-error.js';
import type { Mapping } from '../mapping/mapping.js';
import type { RecordValue } from '../mapping/record-value.js';
import { toUserRequest, type MappedRow } from '../mapping/user-request.js';
import type { Problem } from '../rows/problem.js';

import type { InputRow } from './input.js';

/** How many unknown keys are remembered; the others are looked up again for each row. */
const MAX_UNKNOWN_KEYS = 1000;

/** Maps records whose keys become known one record at a time. */
export class RecordColumns {
  readonly #compile: (header: readonly string[]) => Mapping;
  readonly #keys: Set<string>;
  readonly #unknown = new Map<string, readonly Problem[]>();
  #mapping: Mapping;

  /**
   * @param keys - of the first record.
   * @throws {ColumnsError} The keys do not fit together, or mean nothing.
   */
  constructor(keys: readonly string[], compile: (header: readonly string[]) => Mapping) {
    this.#keys = new Set(keys);
    this.#compile = compile;
    this.#mapping = this.#compileWithLogin([...keys]);
  }

  /** For the keys so far. */
  get mapping(): Mapping {
    return this.#mapping;
  }

  /** Maps one record; what is wrong with its keys and with the types of its values is among the problems. */
  map(row: InputRow, record: object): MappedRow {
    const values = new Map<string, string | RecordValue>();
    const problems: Problem[] = [];
    const entries: [string, unknown][] = Object.entries(record);
    for (const [key, value] of entries) {
      if (value === null || value === undefined || value === '') continue;
      if (!isRecordValue(value)) {
        problems.push(unusableValue(key, value));
        continue;
      }
      const keyProblems = this.#keys.has(key) ? [] : this.#learn(key);
      problems.push(...keyProblems);
      if (keyProblems.length === 0) values.set(key, value);
    }
    this.#fillLogin(values, record);
    const given = this.#mapping.header.map((column) => values.get(column));
    const mapped = toUserRequest(
      { row: row.row, line: row.line, cells: given.map(textOf) },
      this.#mapping,
      given.map((value) => (typeof value === 'string' ? undefined : value)),
    );
    return problems.length === 0 ? mapped : { ...mapped, problems: [...problems, ...mapped.problems] };
  }

  /** A record without a login takes it from its email, as a file without a column for it does. */
  #fillLogin(values: Map<string, string | RecordValue>, record: object): void {
    const login = this.#mapping.columnOf('profile.login');
    const email = values.get(this.#mapping.columnOf('profile.email') ?? '');
    if (login !== undefined && email !== undefined && !(login in record)) values.set(login, email);
  }

  /** @returns what is wrong with a new key; nothing when it is mapped from now on. */
  #learn(key: string): readonly Problem[] {
    const known = this.#unknown.get(key);
    if (known !== undefined) return known;
    try {
      this.#mapping = this.#compileWithLogin([...this.#keys, key]);
      this.#keys.add(key);
      return [];
    } catch (error) {
      if (!(error instanceof ColumnsError)) throw error;
      const problems = error.problems.map(({ code, message }) => ({ code, column: key, message }));
      if (this.#unknown.size < MAX_UNKNOWN_KEYS) this.#unknown.set(key, problems);
      return problems;
    }
  }

  /** The login may come with a later record: until then it is an empty cell. */
  #compileWithLogin(keys: readonly string[]): Mapping {
    try {
      return this.#compile(keys);
    } catch (error) {
      const isLoginMissing =
        error instanceof ColumnsError && error.problems.every(({ code }) => code === 'login-missing');
      if (isLoginMissing) return this.#compile([...keys, 'login']);
      throw error;
    }
  }
}

function isRecordValue(value: unknown): value is string | RecordValue {
  return isScalar(value) || (Array.isArray(value) && value.every(isScalar));
}

function isScalar(value: unknown): value is string | number | boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

function unusableValue(key: string, value: unknown): Problem {
  const type = Array.isArray(value) ? 'an array with other values' : typeof value;
  const message = `${key} is ${type}: use a string, a number, a boolean, null or an array of strings, numbers and booleans.`;
  return { code: 'wrong-type', column: key, message };
}

/** What templates read, and everything else that takes text. */
function textOf(value: string | RecordValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(';') : String(value);
}
