import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { validateUsers } from '../../src/index.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';

import { checkScene, codesOf, type CheckScene } from './check-scene.js';

const HEADER = ['login', 'email', 'firstName', 'employeeNumber', 'boss'];
const MAPPING = `profile:
  login: login
  email: email
  firstName: firstName
  lastName: { value: Lee }
  employeeNumber: employeeNumber
  manager: { person: boss, as: name }
  costCenter: { person: boss, as: employeeNumber }
`;
const NAMES = ['Ann', 'Bo', 'Chi', 'Dua', 'Eun', 'Fay', 'Gil', 'Hana'];
const LOGINS = NAMES.map((name) => `${name.toLowerCase()}@example.com`);
/** Few values, so that rows share them, and name each other in all ways. */
const VALUES: readonly (readonly string[])[] = [
  [...LOGINS, 'ANN@example.com'],
  LOGINS,
  NAMES,
  ['1', '2', '3', ''],
  [...LOGINS, 'Ann Lee', 'Lee, Bo', 'chi lee', '1', '2', 'nobody@example.com', '', ''],
];
/** More than ten times the rows of an edit, since a change of many rows checks all of them. */
const ROWS = 32;

const column = fc.nat(HEADER.length - 1);
const edit = fc.record({ row: fc.integer({ min: 1, max: ROWS }), column, value: fc.nat() });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.array(edit, { minLength: 1, maxLength: 3 }) },
  fc.constantFrom('undo' as const, 'redo' as const),
);

it(
  'rows that name each other have the problems that validate finds in the edited file, whatever was edited',
  { timeout: 240_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), { minLength: ROWS, maxLength: ROWS }),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        async (given, steps) => {
          const rows = given.map((picks) => picks.map((pick, index) => valueAt(index, pick)));
          const scene = await checkScene({
            content: [HEADER, ...rows]
              .map((cells) => `${cells.map((cell) => `"${cell}"`).join(',')}\n`)
              .join(''),
            mapping: MAPPING,
          });
          for (const each of steps) {
            if (typeof each === 'string') await scene.client.json('POST', `/api/edits/${each}`);
            else {
              await scene.edit(
                ...each.map(
                  ({ row, column: at, value }) => [row, HEADER[at] ?? '', valueAt(at, value)] as const,
                ),
              );
            }
          }
          expect(await problemsOf(scene)).toEqual(await validated(scene));
        },
      ),
      { numRuns: 25 },
    );
  },
);

async function problemsOf(scene: CheckScene): Promise<readonly (readonly string[])[]> {
  const { rows } = await scene.rows();
  return rows.map(({ problems }) =>
    codesOf({ problems: problems.filter(({ severity }) => severity === 'problem') }, HEADER),
  );
}

async function validated(scene: CheckScene): Promise<readonly (readonly string[])[]> {
  const path = `${scene.at.folder}/edited.csv`;
  await scene.server.session.check?.writeCsv(path);
  const found: (readonly string[])[] = [];
  for await (const outcome of validateUsers(
    { csv: path },
    { mapping: parseMappingFile(MAPPING, 'mapping.yaml') },
  )) {
    const problems = outcome.status === 'invalid' ? outcome.problems : [];
    found.push(problems.map(({ code, column: name = '' }) => `${name}: ${code}`).toSorted());
  }
  return found;
}

function valueAt(index: number, pick: number): string {
  const values = VALUES[index] ?? [''];
  return values[pick % values.length] ?? '';
}

it('a circle of managers is found and solved by edits of any of its rows', async () => {
  const people = Array.from(
    { length: 40 },
    (_, index) => `p${index}@example.com,p${index}@example.com,P${index},,`,
  );
  const scene = await checkScene({
    content: `${HEADER.join(',')}\n${people.join('\n')}\n`,
    mapping: MAPPING,
  });
  const circles = async (): Promise<readonly number[]> => {
    const { rows } = await scene.rows();
    return rows.flatMap(({ row, problems }) =>
      problems.some(({ code }) => code === 'manager-circle') ? [row] : [],
    );
  };
  await scene.edit([1, 'boss', 'p1@example.com'], [2, 'boss', 'P2 Lee'], [3, 'boss', 'p5@example.com']);
  expect(await circles()).toEqual([]);

  // The one whom the third row names gets the number of the first one, then that login.
  await scene.edit(
    [1, 'email', 'p5@example.com'],
    [6, 'login', 'six@example.com'],
    [6, 'email', 'six@example.com'],
  );
  expect(await circles()).toEqual([1, 2, 3]);
  expect((await scene.row(2)).problems.map(({ message }) => message)).toContain(
    'The managers form a circle: P0 Lee → P1 Lee → P2 Lee → P0 Lee.',
  );

  await scene.edit([3, 'firstName', 'Somebody']);
  expect(await circles()).toEqual([]);
  await scene.client.json('POST', '/api/edits/undo');
  expect(await circles()).toEqual([1, 2, 3]);
});
