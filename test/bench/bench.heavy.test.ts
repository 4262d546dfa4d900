import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { tempFolder } from '../engine/build.js';

const run = promisify(execFile);

it('measures two things in one run and compares their ratio with its bar', async () => {
  const output = join(await tempFolder(), 'bench.json');
  const args = ['test/bench/bench.mjs', 'start-up', 'import', '--quick', '--output', output];
  const { stdout } = await run(process.execPath, args);
  const { results, machine } = JSON.parse(await readFile(output, 'utf8'));
  expect(results).toMatchObject([
    { bench: '--help', against: 'node -e 0', bar: 'at most 2' },
    { bench: 'validate of 3 rows', against: 'node -e 0', bar: 'at most 3.5' },
    { bench: 'import --sandbox of 3 rows', against: 'node -e 0', bar: 'at most 6' },
    { bench: 'import of 1000 rows, with its start', bar: 'at most 0.7' },
    { bench: 'import of 20000 rows, with its start' },
    { bench: 'import, rows per second', against: 'bare undici loop', bar: 'at least 0.6' },
    { against: 'SDK under p-limit', bar: 'at least 4' },
    { bench: 'import, rows per CPU second', against: 'SDK under p-limit', bar: 'at least 4' },
    { bench: 'import, CPU seconds', bar: 'at most 1.1' },
  ]);
  for (const { ratio, isGood, bar } of results) {
    const least = /at least (.*)/.exec(bar)?.[1];
    const most = /at most (.*)/.exec(bar)?.[1];
    expect(isGood).toBe(least === undefined ? ratio <= Number(most) : ratio >= Number(least));
    expect(stdout).toContain(bar);
  }
  expect(machine.node).toBe(process.version);
});

it('resumes an import that was killed', async () => {
  const output = join(await tempFolder(), 'bench.json');
  await run(process.execPath, ['test/bench/bench.mjs', 'growth', '--quick', '--output', output]);
  const { results } = JSON.parse(await readFile(output, 'utf8'));
  expect(results).toContainEqual(expect.objectContaining({ bench: 'resume, 1000 of 20000 rows left' }));
});

it('writes what it measured into the documentation', async () => {
  const folder = await tempFolder();
  const docs = join(folder, 'docs/performance.md');
  const header = '| bench | against | ratio | bar | met | figures |\n| --- | --- | --- | --- | --- | --- |\n';
  await mkdir(dirname(docs));
  await writeFile(
    docs,
    `# Bars\n\n${header}| --help | node -e 0 | old |\n| latency | least | old |\n\nText\n`,
  );
  const bench = fileURLToPath(new URL('bench.mjs', import.meta.url));
  await run(process.execPath, [bench, 'start-up', '--quick', '--docs'], { cwd: folder });
  const written = await readFile(docs, 'utf8');
  expect(written).toMatch(/^\| --help \| node -e 0 \| [\d.]+ \| at most 2 \| /m);
  expect(written).toMatch(/\| latency \| least \| old \|\n\| validate of 3 rows \|.*\n.*\n\nText\n$/);
});

it('lists the benches when asked for an unknown one', async () => {
  const asked = run(process.execPath, ['test/bench/bench.mjs', 'nothing']);
  await expect(asked).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('growth') });
});
