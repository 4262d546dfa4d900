// A run with invented people, waits and outcomes of many kinds, in a sandbox: for pictures of its page.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startSandbox } from '../../dist/index.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const GIVEN = [
  'Amara',
  'Björn',
  'Chloé',
  'Dmitri',
  'Eun-ji',
  'Fatima',
  'Gōichi',
  'Hana',
  'Ines',
  'Jorge',
  'Kwame',
  'Linnéa',
];
const FAMILY = [
  'Abebe',
  'Brandt',
  'Castillo',
  'Dubois',
  'Eriksson',
  'Fofana',
  'Ghosh',
  'Haddad',
  'Ivanova',
  'Jansen',
  'Kim',
];

/** @returns The run folder. */
export async function runForPictures(count = 2400) {
  const folder = await mkdtemp(join(tmpdir(), 'okta-csv-import-pictures-'));
  await writeFile(join(folder, 'new-starters.csv'), people(count));
  const okta = await startSandbox({
    // Windows of four seconds instead of sixty, so that the run takes seconds instead of minutes.
    rateLimits: { limits: { '/api/v1/users': 500 }, windowMs: 4000 },
    latencyMs: { min: 8, max: 60 },
    faults: [
      { on: 'createUser', nth: [300, 301, 1210], then: '429-concurrency' },
      { on: 'createUser', nth: 1750, then: '429-bucket-used-up' },
    ],
    seed: { users: [taken(40), taken(41), taken(999)] },
  });
  const child = spawn(
    process.execPath,
    [CLI, 'import', 'new-starters.csv', '--run-id', 'new-starters', '--no-progress', '--concurrency', '20'],
    {
      cwd: folder,
      env: { OKTA_CLIENT_ORGURL: okta.url, OKTA_CLIENT_TOKEN: okta.token },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  await once(child, 'close');
  await okta.close();
  return join(folder, 'reports', 'new-starters');
}

function people(count) {
  const lines = ['First name,Last name,Email,Country code,Title'];
  for (let row = 1; row <= count; row += 1) {
    const given = GIVEN[row % GIVEN.length];
    const family = FAMILY[row % FAMILY.length];
    const country = row % 97 === 0 ? 'Germany' : 'DE';
    const email = row % 131 === 0 ? `person${row}.example.com` : `person${row}@example.com`;
    lines.push([given, row % 211 === 0 ? '' : family, email, country, 'Analyst'].join(','));
  }
  return `${lines.join('\n')}\n`;
}

function taken(row) {
  const login = `person${row}@example.com`;
  return { profile: { login, email: login, firstName: 'Noor', lastName: 'Here' } };
}
