import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { validateUsers } from '../../src/index.js';
import type { EditResult, FixPreview, FixRequest } from '../../src/page/api/check.js';

import { checkScene, codesOf, type CheckScene } from './check-scene.js';

const HEADER = ['login', 'email', 'firstName', 'lastName', 'countryCode', 'employeeNumber', 'groups'];
/** Few values, so that rows share them. */
const VALUES: readonly (readonly string[])[] = [
  [
    'amara@example.com',
    'AMARA@example.com',
    'ámara@example.com',
    'yuki@example.com',
    'noor@example.com',
    'no address',
    '',
  ],
  ['amara@example.com', 'Amara@example.com', 'yuki@example.com', ' noor@example,com;', ''],
  ['Amara', 'YUKI', '=1+1', "'=1+1", ' O"Brien, Noor ', ''],
  ['Okafor', 'Sato'],
  ['NG', 'Germany', 'japan', 'Atlantis', ''],
  ['7', '42', '0007', '000123', '12345', ''],
  ['Sales', 'Engineering', ''],
];
const FIXES = ['trim', 'lower-case', 'upper-case', 'title-case'] as const;

interface State {
  readonly rows: readonly (readonly string[])[];
  readonly excluded: readonly number[];
}

type Action =
  | { readonly kind: 'edit'; readonly edits: readonly { row: number; column: number; value: number }[] }
  | { readonly kind: 'undo' | 'redo' }
  | { readonly kind: 'group'; readonly group: number; readonly fix: number }
  | { readonly kind: 'column'; readonly column: number; readonly fix: number }
  | { readonly kind: 'replace'; readonly column: number; readonly find: string }
  | { readonly kind: 'exclude'; readonly row: number; readonly isExcluded: boolean };

const column = fc.nat(HEADER.length - 1);
const rows = fc.array(
  fc.tuple(fc.array(fc.nat(), { minLength: 7, maxLength: 7 }), fc.integer({ min: 5, max: 9 })),
  {
    minLength: 2,
    maxLength: 9,
  },
);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      edits: fc.array(fc.record({ row: fc.nat(), column, value: fc.nat() }), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const) }) },
  fc.record({ kind: fc.constant('group' as const), group: fc.nat(), fix: fc.nat() }),
  fc.record({ kind: fc.constant('column' as const), column, fix: fc.nat(3) }),
  fc.record({
    kind: fc.constant('replace' as const),
    column,
    find: fc.constantFrom('a', 'E', '.com', '0', '='),
  }),
  fc.record({ kind: fc.constant('exclude' as const), row: fc.nat(), isExcluded: fc.boolean() }),
);

it('any edits, undone and redone, leave what a simple model has, and the problems that validate finds in the edited file', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.array(action, { maxLength: 14 }), async (given, actions) => {
      // Most rows have as many cells as the header; some are too short or too long.
      const initial = given.map(([picks, length]) =>
        [...picks.map((pick, index) => valueAt(index, pick)), 'surplus', 'more'].slice(
          0,
          length === 5 ? 5 : length === 9 ? 9 : 7,
        ),
      );
      const scene = await checkScene({ content: [HEADER, ...initial].map(toLine).join('') });
      const model = new Model({ rows: initial, excluded: [] });

      for (const each of actions) await perform(each, scene, model);

      expect(await stateOf(scene)).toEqual(shown(model.state));
      await expectSameProblems(scene, model.state);
    }),
    { numRuns: 25 },
  );
});

async function perform(each: Action, scene: CheckScene, model: Model): Promise<void> {
  const { client } = scene;
  const count = model.state.rows.length;
  const post = (path: string, body?: unknown): Promise<EditResult> => client.json('POST', path, body);
  switch (each.kind) {
    case 'undo':
    case 'redo': {
      const result = await post(`/api/edits/${each.kind}`);
      model[each.kind]();
      const { canUndo, canRedo } = result.check;
      if (canUndo !== model.canUndo || canRedo !== model.canRedo) throw new Error('Undo differs.');
      return;
    }
    case 'edit': {
      const edits = each.edits.map((edit) => ({
        row: (edit.row % count) + 1,
        column: edit.column,
        value: valueAt(edit.column, edit.value),
      }));
      await post('/api/edits', edits);
      model.set(edits);
      return;
    }
    case 'exclude': {
      const row = (each.row % count) + 1;
      await client.json('PUT', '/api/excluded', { rows: [row], isExcluded: each.isExcluded });
      model.exclude([row], each.isExcluded);
      return;
    }
    case 'group': {
      const { groups } = await scene.state();
      const group = groups[each.group % Math.max(1, groups.length)];
      const fix = group?.fixes[each.fix % group.fixes.length];
      if (group === undefined || fix === undefined) return;
      const inGroup = (await scene.rows({ group: group.id })).rows.map(({ row }) => row);
      await applyFix(
        { kind: 'group', group: group.id, fix: fix.id },
        fix.id === 'exclude' ? inGroup : undefined,
      );
      return;
    }
    case 'column':
      await applyFix({ kind: 'column', column: each.column, fix: FIXES[each.fix] ?? 'trim' });
      return;
    case 'replace':
      await applyFix({
        kind: 'replace',
        column: each.column,
        find: each.find,
        replaceWith: 'X',
        isWholeCell: false,
        isCaseSensitive: false,
      });
      return;
    default:
      each satisfies never;
  }

  /** What a fix changes is what its preview shows: there are at most nine rows. */
  async function applyFix(fix: FixRequest, excluded?: readonly number[]): Promise<void> {
    const preview = await client.json<FixPreview>('POST', '/api/fixes/preview', fix);
    await post('/api/fixes', fix);
    if (excluded !== undefined) model.exclude(excluded, true);
    else model.set(preview.examples.map(({ row, column: index, to }) => ({ row, column: index, value: to })));
  }
}

/** The rows, with all of the states before and after. */
class Model {
  #before: State[] = [];
  #after: State[] = [];
  state: State;

  constructor(state: State) {
    this.state = state;
  }

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  get canRedo(): boolean {
    return this.#after.length > 0;
  }

  set(edits: readonly { readonly row: number; readonly column: number; readonly value: string }[]): void {
    const next = this.state.rows.map((cells) => [...cells]);
    for (const { row, column: index, value } of edits) {
      const cells = next[row - 1]!;
      while (cells.length < HEADER.length) cells.push('');
      cells[index] = value;
    }
    this.#push({ ...this.state, rows: next });
  }

  exclude(numbers: readonly number[], isExcluded: boolean): void {
    const others = this.state.excluded.filter((row) => !numbers.includes(row));
    this.#push({
      ...this.state,
      excluded: isExcluded ? [...others, ...numbers].toSorted((a, b) => a - b) : others,
    });
  }

  undo(): void {
    const former = this.#before.pop();
    if (former === undefined) return;
    this.#after.push(this.state);
    this.state = former;
  }

  redo(): void {
    const next = this.#after.pop();
    if (next === undefined) return;
    this.#before.push(this.state);
    this.state = next;
  }

  #push(next: State): void {
    if (JSON.stringify(next) === JSON.stringify(this.state)) return;
    this.#before.push(this.state);
    this.#after = [];
    this.state = next;
  }
}

async function stateOf(scene: CheckScene): Promise<unknown> {
  const { rows: all } = await scene.rows();
  return {
    rows: all.map(({ cells }) => cells.join('|').replace(/\|+$/, '')),
    excluded: all.filter(({ isExcluded }) => isExcluded).map(({ row }) => row),
  };
}

function shown({ rows: all, excluded }: State): unknown {
  return { rows: all.map((cells) => cells.join('|').replace(/\|+$/, '')), excluded };
}

async function expectSameProblems(scene: CheckScene, { excluded }: State): Promise<void> {
  const path = `${scene.at.folder}/edited.csv`;
  await scene.server.session.check?.writeCsv(path);
  const warnings: string[] = [];
  const expected: unknown[] = [];
  for await (const outcome of validateUsers(
    { csv: path },
    {
      only: (row) => !excluded.includes(row),
      observer: {
        warning({ row, column: name, message }) {
          if (row !== undefined && !isShared(message)) warnings.push(`${row} ${name}: ${message}`);
        },
      },
    },
  )) {
    const problems = outcome.status === 'invalid' ? outcome.problems : [];
    expected.push({
      row: outcome.row,
      codes: problems.map((each) => `${each.column ?? ''}: ${each.code}`).toSorted(),
    });
  }
  const { rows: all } = await scene.rows();
  const problemsOnly = all.map((row) => ({
    row: row.row,
    codes: codesOf({ problems: row.problems.filter(({ severity }) => severity === 'problem') }, HEADER),
  }));
  expect(problemsOnly).toEqual(expected);
  const found = all.flatMap((row) =>
    row.problems
      .filter(({ severity, message }) => severity === 'warning' && !isShared(message))
      .map(({ columns, message }) => `${row.row} ${HEADER[columns[0] ?? -1]}: ${message}`),
  );
  expect(found.toSorted()).toEqual(warnings.toSorted());
}

/** To save memory, `validate` does not find all rows that share an email address with an invalid one. */
function isShared(message: string): boolean {
  return message.includes('is the same as on line');
}

function valueAt(index: number, pick: number): string {
  const values = VALUES[index] ?? [''];
  return values[pick % values.length] ?? '';
}

function toLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
}
