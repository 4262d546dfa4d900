// How many requests does each job send per user? An org allows a few hundred a minute, so they are what a job costs.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CLI, run } from './child.mjs';
import { startSandboxOrg } from './orgs.mjs';
import { result } from './result.mjs';

export async function requests({ workplace, isQuick }) {
  const rows = isQuick ? 1000 : 2000;
  const [people, reports] = [await workplace.people(rows), await workplace.reports()];
  const changed = join(reports, 'changed.csv');
  await writeFile(changed, (await readFile(people, 'utf8')).replaceAll(',Engineer,', ',Lead,'));
  const org = await startSandboxOrg({ rateLimits: { limits: 1e6 } });
  const update = ['--if-exists', 'update', '--no-activate', '--quiet'];
  const jobs = [
    ['create', 1.005, ['import', people, '--no-activate', '--quiet', '--run-id', 'created']],
    ['import of unchanged users', 0.006, ['import', people, ...update]],
    ['verify', 0.006, ['verify', 'created']],
    ['update', 1.05, ['import', changed, ...update]],
    ['restore the former values', 1.05, ['import', people, ...update]],
    ['activate', 1.05, ['activate', 'created', '--quiet', '--yes']],
    ['undo of a create', 3.05, ['undo', 'created', '--quiet', '--yes']],
  ];
  const results = [];
  try {
    let before = 0;
    for (const [bench, atMost, args] of jobs) {
      await run([CLI, ...[args].flat(), '--reports', reports], { env: org.env });
      const { requests: sent } = await org.ledger();
      const ratio = (sent - before) / rows;
      const figures = `${sent - before} requests for ${rows} users`;
      results.push(result({ bench, against: 'users', ratio, atMost, figures }));
      before = sent;
    }
  } finally {
    org.close();
  }
  return { results };
}
