import { expect, it } from 'vitest';

import { demoSeed } from '../../src/sandbox/demo-seed.js';
import type { SandboxSeed } from '../../src/sandbox/seed.js';
import { cli } from '../helpers/in-process-cli.js';
import { workplace } from '../helpers/workplace.js';

import { PROBLEM_CASES, type ProblemCase } from './problem-cases.js';
import { sandboxOrg } from './sandbox.js';
import { Transcript } from './transcript.js';

const GOOD = { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace' };

/** An org with an attribute for every constraint that a schema can have. */
const SEED: SandboxSeed = {
  ...demoSeed,
  attributes: {
    ...demoSeed.attributes,
    level: { title: 'Level', type: 'integer', minimum: 1, maximum: 12 },
    frozen: { title: 'Frozen', type: 'string', mutability: 'READ_ONLY' },
    room: { title: 'Room', type: 'string', pattern: '[A-Z][0-9]+' },
    floor: { title: 'Floor', type: 'string', enum: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'] },
    startDate: { title: 'Start date', type: 'string', format: 'date-time' },
  },
  groups: [
    ...(demoSeed.groups ?? []),
    { name: 'Twins' },
    { name: 'Twins', type: 'APP_GROUP' },
    { name: 'Administrators', type: 'BUILT_IN' },
  ],
  realms: [{ name: 'Partners' }],
  users: [
    { profile: { ...GOOD, login: 'taken@example.com', email: 'taken@example.com' } },
    { profile: { ...GOOD, login: 'gone@example.com', email: 'gone@example.com' }, status: 'DEPROVISIONED' },
    { profile: { ...GOOD, login: 'staged@example.com', email: 'staged@example.com' }, status: 'STAGED' },
    {
      profile: { ...GOOD, login: 'directory@example.com', email: 'directory@example.com' },
      directory: { type: 'ACTIVE_DIRECTORY', name: 'corp.example.com' },
    },
  ],
};

it('one example of every problem and every warning of a row', async () => {
  const transcript = new Transcript();
  const usual = await sandboxOrg({ seed: SEED });

  for (const [topic, cases] of Object.entries(PROBLEM_CASES)) {
    transcript.section(topic);
    for (const one of cases) {
      const at = workplace();
      const file = at.file('people.csv', one.file ?? csvOf(one));
      const mapping = one.mapping === undefined ? [] : ['--mapping', at.file('mapping.yaml', one.mapping)];
      const org = one.needsOrg === true ? ['--org'] : [];
      const args = ['validate', file, '--run-id=it', ...org, ...mapping, ...(one.args ?? [])];
      const { env } = one.org === undefined ? usual : await sandboxOrg(one.org);
      const { exitCode, stderr } = await cli(args, { at, env });
      const title = one.what === undefined ? one.code : `${one.code} (${one.what})`;
      expect(exitCode, `${title}: ${stderr}`).toBeLessThan(2);

      const bad = at.run('it').results.filter(({ errorCode }) => errorCode !== '');
      const problems = bad.map(({ errorCode, message }) => `${errorCode}: ${message}`);
      const codes = bad.flatMap(({ errorCode }) => errorCode.split(' '));
      expect(topic === 'Warnings' || codes.includes(one.code), `${title}: ${codes.join()}`).toBe(true);
      const [, warnings = ''] = /^Warnings \(.*?\n(.*?)^Report: /ms.exec(stderr) ?? [];
      const lines = [...problems, ...(warnings === '' ? [] : ['[warnings]', warnings.trimEnd()])];
      transcript.add(title, lines.join('\n'), at);
    }
  }

  await expect(transcript.text).toMatchFileSnapshot('snapshots/problems.txt');
});

function csvOf({ cells = {}, more = [] }: ProblemCase): string {
  const others = more.map((row) => ({ ...(row['login'] !== undefined && { email: row['login'] }), ...row }));
  const rows: Readonly<Record<string, string>>[] = [cells, ...others].map((row) => ({ ...GOOD, ...row }));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((column) => quoted(row[column] ?? '')).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

function quoted(cell: string): string {
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
