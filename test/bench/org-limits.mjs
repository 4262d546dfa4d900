// What does an org cost that limits requests in an unusual way? Avoidable 429s, and time.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CLI, run } from './child.mjs';
import { FLAGS } from './import.mjs';
import { startInstantOrg, startSandboxOrg } from './orgs.mjs';
import { result } from './result.mjs';

const PLENTY = 1e6;
const LIMIT = 100;

/** `windows`: how many the rows fill. Without it, the org has no rate limit, and accepts 10 requests at once. */
const CASES = [
  { bench: 'an org that accepts 10 at once, 50 in flight allowed', rows: 500, concurrencyLimit: 10 },
  { bench: 'windows of 2.5 s', windowMs: 2500, windows: 4 },
  { bench: 'windows of 3 s, no Date header', windowMs: 3000, windows: 4, sendsDate: false },
];

export async function orgLimits({ workplace, isQuick }) {
  const results = [];
  for (const aCase of CASES) results.push(await countRejected(aCase, workplace));
  results.push(await lookUpGroups(workplace), await slowTails(workplace, isQuick ? 20 : 200));
  return { results };
}

async function countRejected(aCase, workplace) {
  const { bench, windows, windowMs, sendsDate, concurrencyLimit } = aCase;
  const rows = aCase.rows ?? windows * LIMIT + 1;
  const rateLimits =
    windows === undefined ? { limits: PLENTY } : { windowMs, limits: { '/api/v1/users': LIMIT } };
  const latencyMs = windows === undefined ? 100 : 20;
  const org = await startSandboxOrg({ rateLimits, latencyMs, sendsDate, concurrencyLimit });
  try {
    const { seconds } = await importAll(await workplace.people(rows), org, workplace, windows ? 10 : 50);
    const { created, overruns, concurrencyLimited } = await org.ledger();
    if (created !== rows) throw new Error(`${created} users were created, not ${rows}.`);
    const rejected = overruns + concurrencyLimited;
    const figures = `${rows} rows in ${seconds.toFixed(1)} s`;
    return result({ bench, against: '429s', ratio: rejected, atMost: 3, figures });
  } finally {
    org.close();
  }
}

/** Every row is in a group of its own. */
async function lookUpGroups(workplace) {
  const [groups, concurrency, latencyMs] = [200, 50, 100];
  const names = Array.from({ length: groups }, (_, index) => `Team ${index + 1}`);
  const file = join(await workplace.reports(), 'groups.csv');
  const rows = names.map(
    (name, index) => `person.${index}@example.com,person.${index}@example.com,Mei,Lee,${name}`,
  );
  await writeFile(file, ['login,email,firstName,lastName,groups', ...rows, ''].join('\n'));
  const seed = { groups: names.map((name) => ({ name })) };
  const org = await startSandboxOrg({ rateLimits: { limits: PLENTY }, latencyMs, seed });
  try {
    const { seconds } = await importAll(file, org, workplace, concurrency);
    const figures = `${seconds.toFixed(1)} s, ${concurrency} in flight`;
    const bench = `${groups} rows with ${groups} groups, ${latencyMs} ms a request`;
    return result({ bench, against: 'seconds', ratio: seconds, atMost: 3, figures });
  } finally {
    org.close();
  }
}

/** A tenth of the responses take seconds. */
async function slowTails(workplace, rowsInFlight) {
  const [concurrency, latencyMs, slowMs] = [50, 100, 2000];
  const rows = rowsInFlight * concurrency;
  const org = await startInstantOrg({ latencyMs, slowMs });
  try {
    const { seconds } = await importAll(await workplace.people(rows), org, workplace, concurrency);
    const leastSeconds = ((rows / concurrency) * (0.9 * latencyMs + 0.1 * slowMs)) / 1000;
    return result({
      bench: `a tenth of the responses after ${slowMs / 1000} s, the others after ${latencyMs / 1000} s`,
      against: `rows × mean / ${concurrency}`,
      ratio: seconds / leastSeconds,
      atMost: 1.1,
      figures: `${seconds.toFixed(1)} : ${leastSeconds.toFixed(1)} s`,
    });
  } finally {
    org.close();
  }
}

async function importAll(people, org, workplace, concurrency) {
  const reports = await workplace.reports();
  const flags = [...FLAGS, '--concurrency', String(concurrency), '--reports', reports];
  return run([CLI, 'import', people, ...flags], { env: org.env });
}
