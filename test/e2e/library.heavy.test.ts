import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const example = readFileSync(join(ROOT, 'fixtures/library/import-people.ts'), 'utf8');

/** Compiles a module in a project with the strictest settings, including library checks, and runs it. */
async function compiledAndRun(source: string): Promise<{ complaints: string; stdout: string }> {
  const project = mkdtempSync(join(tmpdir(), 'okta-csv-import-consumer-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  const modules = join(project, 'node_modules');
  mkdirSync(modules);
  symlinkSync(ROOT, join(modules, 'okta-csv-import'));
  symlinkSync(join(ROOT, 'node_modules/@types'), join(modules, '@types'));
  writeFileSync(join(project, 'consumer.ts'), source);
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'ES2023',
        lib: ['ES2023'],
        module: 'NodeNext',
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noPropertyAccessFromIndexSignature: true,
        isolatedModules: true,
        verbatimModuleSyntax: true,
        skipLibCheck: false,
      },
      files: ['consumer.ts'],
    }),
  );
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const complaints = await run(process.execPath, [compiler, '-p', project]).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
  if (complaints !== '') return { complaints, stdout: '' };
  const { stdout } = await run(process.execPath, [join(project, 'consumer.js')]);
  return { complaints, stdout };
}

/** Sorts lines by row: rows come in order of completion, but the lines of one row stay in order. */
function byRow(lines: string): string[] {
  return lines
    .trimEnd()
    .split('\n')
    .sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
}

it('prints what the README shows for the example', async () => {
  const { complaints, stdout } = await compiledAndRun(example);

  expect(complaints).toBe('');
  const [, shown = ''] = /^prints each row .*\n\n```text\n(.*?)^```/ms.exec(readme) ?? [];
  expect(shown).toContain('1 noor@example.com created\n');
  expect(byRow(stdout)).toEqual(
    byRow(shown).map((line) => expect.stringMatching(new RegExp(`^${line.replace('…', '.+')}$`))),
  );
});

it('is compiled and run exactly as in the README', () => {
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((found) => found[1]!);
  const importing = blocks.filter((block) => block.includes('importUsers('));

  expect(importing).toEqual(importing.map(() => example));
});

it('compiles completely in a project with the strictest settings', async () => {
  const source = readFileSync(join(ROOT, 'fixtures/library/every-function.ts'), 'utf8');

  expect(await compiledAndRun(source)).toEqual({
    complaints: '',
    // The warning: both records have the same email address.
    stdout: 'created,invalid,invalid,valid,would-create string true true 1 0\n',
  });
});

it('has types that reject wrong use', async () => {
  const { complaints } = await compiledAndRun(`
    import { importUsers } from 'okta-csv-import';
    for await (const outcome of importUsers({ csv: 7 }, {})) console.log(outcome.oktaId);
  `);

  expect(complaints).toContain('TS2769');
  expect(complaints).toContain('TS2339');
});
