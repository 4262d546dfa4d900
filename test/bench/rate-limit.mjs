// How close to the least possible time does an import come under a rate limit, and is the limit ever overrun?
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CLI, run } from './child.mjs';
import { startSandboxOrg } from './orgs.mjs';
import { result } from './result.mjs';

const CONCURRENCY = 10;
const WINDOW_MS = 3000;
const LIMIT = 400;
/** The run fills this many windows and starts the next one, so the minimum time is the length of these windows. */
const FULL_WINDOWS = 4;

/** Latency as an option of the sandbox; the org's clock may differ from ours. */
const CASES = [
  { share: 1, latencyMs: 0 },
  { share: 0.9, latencyMs: { min: 5, max: 30 } },
  { share: 0.5, latencyMs: { min: 10, max: 40 }, clockSkewMs: -600_123 },
];

export async function rateLimit({ workplace, isQuick }) {
  const results = [];
  for (const aCase of isQuick ? CASES.slice(1, 2) : CASES) results.push(await measure(aCase, workplace));
  return { results };
}

async function measure({ share, latencyMs, clockSkewMs = 0 }, workplace) {
  const ours = Math.floor(LIMIT * share);
  const rows = FULL_WINDOWS * ours + CONCURRENCY;
  const [people, reports] = [await workplace.people(rows), await workplace.reports()];
  const rateLimits = { windowMs: WINDOW_MS, limits: { '/api/v1/users': LIMIT } };
  const org = await startSandboxOrg({ rateLimits, latencyMs, clockSkewMs });
  try {
    const flags = ['--no-activate', '--quiet', '--rate-limit-share', String(share)];
    await run([CLI, 'import', people, ...flags, '--concurrency', String(CONCURRENCY), '--reports', reports], {
      env: org.env,
    });
    const { windows, overruns, created } = await org.ledger();
    if (created !== rows) throw new Error(`${created} users were created, not ${rows}.`);
    const finishedAtMs = Date.parse(await finishedAt(reports)) + clockSkewMs;
    const tookMs = finishedAtMs - windows[0].startedAtMs;
    const leastMs = FULL_WINDOWS * WINDOW_MS;
    const latency = latencyMs === 0 ? 'no latency' : `${latencyMs.min}-${latencyMs.max} ms`;
    const clock = clockSkewMs === 0 ? '' : ', clock 10 min off';
    return result({
      bench: `import, ${LIMIT} a window, share ${share}, ${latency}${clock}`,
      against: 'least time',
      ratio: tookMs / leastMs,
      atMost: 1.02,
      isElseGood: overruns === 0,
      figures: `${tookMs / 1000} : ${leastMs / 1000} s, ${overruns} overruns`,
    });
  } finally {
    org.close();
  }
}

async function finishedAt(reports) {
  const [runId] = (await readdir(reports)).filter((name) => !name.startsWith('.'));
  const summary = JSON.parse(await readFile(join(reports, runId, 'summary.json'), 'utf8'));
  return summary.finishedAt;
}
