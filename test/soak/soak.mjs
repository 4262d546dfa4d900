/**
 * The soak: imports by the built program, as a child process, into a sandbox with faults by a seeded plan, and imports
 * that are killed and resumed repeatedly. The result of each is compared with the sandbox's own ledger.
 *
 *     npm run soak             32 plans of 5,000 rows, one of them with 50 kills; three to five minutes
 *     npm run soak -- --short  the same plans with 200 rows and 6 kills; under a minute
 *     npm run soak -- --seed 7 other faults at other times
 *     npm run soak -- --only "reset after commit"
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import pLimit from 'p-limit';

import { startSandbox } from '../../dist/index.js';
import { peopleOf, profileOf, writeCsv } from './people.mjs';
import { faultsUnderKills, plansOf } from './plans.mjs';
import { verdictOf } from './verdict.mjs';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed);
const { rows, p, kills, cuts } = values.short
  ? { rows: 200, p: 0.05, kills: 6, cuts: 4 }
  : { rows: 5000, p: 0.01, kills: 50, cuts: 15 };
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const COLUMNS = [28, 6, 8, 6, 5, 8, 12, 7];
/** About ten lines of a journal. */
const LARGEST_CUT_BYTES = 2000;
/** Limits that no plan reaches by accident. */
const NO_LIMITS = { limits: { '/api/v1/users': 1e9, '/api/v1/users/{id:.+}': 1e9, '/api/v1': 1e9 } };

const work = mkdtempSync(join(tmpdir(), 'okta-soak-'));
let failures = 0;
const children = new Set();
const startedAtMs = performance.now();
try {
  console.log(`seed ${seed}, ${rows} rows per plan, ${kills} kills\n`);
  printRow(['plan', 'rows', 'faults', 'runs', 'lost', 'doubled', 'misreported', 's']);
  const plans = [
    ...plansOf({ rows, p }),
    { name: `${kills} x kill -9 and resume`, kills },
    { name: `${cuts} x power cut and resume`, kills: cuts, isPowerCut: true },
    { name: `${cuts} x SIGTERM and resume`, kills: cuts, signal: 'SIGTERM' },
  ];
  const chosen = plans
    .map((plan, index) => ({ plan, index }))
    .filter(({ plan }) => plan.name.includes(values.only));
  // Two at a time, since a plan mostly waits; printed in order.
  const limit = pLimit(2);
  const verdicts = chosen.map(({ plan, index }) => limit(() => soak(plan, index)));
  for (const verdict of verdicts) printVerdict(await verdict);
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
}
console.log(`\n${failures === 0 ? 'No mistakes' : `Mistakes: ${failures}`}; ${seconds(startedAtMs)} s.`);
process.exitCode = failures === 0 ? 0 : 1;

async function soak(plan, index) {
  const beganAtMs = performance.now();
  const label = `p${index}`;
  const people = peopleOf(rows, label);
  const foreigners = people.filter(
    ({ row, isInvalid }) => !isInvalid && row % (plan.takesEvery ?? Infinity) === 0,
  );
  const taken = new Set(foreigners.map(({ login }) => login));
  const file = join(work, `${label}.csv`);
  writeCsv(file, people);
  // Users of others existed long before the import.
  let agoMs = 3_600_000;
  const sandbox = await startSandbox({
    now: () => Date.now() - agoMs,
    rateLimits: NO_LIMITS,
    concurrencyLimit: 1000,
    faultSeed: seed * 1000 + index,
    ...(plan.kills && { latencyMs: { min: 2, max: 20 }, faults: faultsUnderKills(p) }),
    ...plan.sandbox,
    seed: { users: foreigners.map((person) => ({ profile: profileOf(person) })) },
  });
  agoMs = 0;
  const others = plan.meanwhile && setInterval(() => plan.meanwhile(sandbox), plan.everyMs);
  try {
    const { endsEarly, isPowerCut } = plan;
    const verdict = (folder, isEarly) =>
      verdictOf({ folder, people, sandbox, taken, endsEarly: isEarly, isPowerCut });
    const run = plan.kills ? killedUntilDone : resumedUntilDone;
    const { folder, runs, earlier } = await run(plan, file, sandbox, (stopped) => verdict(stopped, true));
    const problems = merged([...earlier, verdict(folder, endsEarly)]);
    const faults = [...sandbox.ledger.faults.values()].reduce((sum, count) => sum + count, 0);
    return { name: plan.name, faults, runs, ...problems, seconds: seconds(beganAtMs) };
  } finally {
    clearInterval(others);
    await sandbox.close();
  }
}

function merged(verdicts) {
  return Object.fromEntries(
    ['lost', 'doubled', 'misreported'].map((kind) => [kind, verdicts.flatMap((verdict) => verdict[kind])]),
  );
}

function printVerdict({ name, faults, runs, lost, doubled, misreported, seconds }) {
  printRow([name, rows, faults, runs, lost.length, doubled.length, misreported.length, seconds]);
  const wrong = [...lost, ...doubled, ...misreported];
  failures += wrong.length;
  for (const problem of wrong.slice(0, 5)) console.log(`    ${problem}`);
}

/** One import, resumed when it stops early, as an admin would do. */
async function resumedUntilDone(plan, file, sandbox, verdictOnStopped) {
  const reports = `${file}.reports`;
  const folder = join(reports, 'run');
  const earlier = [];
  for (let runs = 1; ; runs += 1) {
    const child = start(runs === 1 ? ['import', file, '--run-id', 'run'] : ['resume', 'run'], {
      reports,
      sandbox,
      flags: plan.flags,
      ...(runs === 1 && { fileBlocks: plan.fileBlocks }),
    });
    const exitCode = await child.ended;
    if (exitCode === 0 || exitCode === 1 || (exitCode === 3 && plan.endsEarly)) {
      return { folder, runs, earlier };
    }
    if (exitCode !== 3 || runs > 10) throw new Error(`${plan.name}: exit ${exitCode}\n${child.talk()}`);
    // A full disk has no space for the reports either.
    if (plan.fileBlocks === undefined) earlier.push(verdictOnStopped(folder));
  }
}

/**
 * One import, killed at random moments: mostly when a number of users exist, sometimes after a time. The reports of a
 * process that ended in an orderly way must already be correct.
 */
async function killedUntilDone(plan, file, sandbox, verdictOnStopped) {
  const reports = `${file}.reports`;
  const random = randomOf(seed);
  let runId = 1;
  let killed = 0;
  const earlier = [];
  for (let runs = 1; ; runs += 1) {
    const folder = join(reports, String(runId));
    const journal = join(folder, 'journal.ndjson');
    const isBegun = existsSync(journal) && readFileSync(journal).includes('\n');
    // Killed before its journal had a line: nothing was sent, and the admin starts again.
    if (!isBegun && existsSync(folder)) runId += 1;
    const child = start(isBegun ? ['resume', String(runId)] : ['import', file, '--run-id', String(runId)], {
      reports,
      sandbox,
    });
    if (killed < plan.kills) {
      const moreUsers = Math.floor((random() * rows * 1.2) / plan.kills);
      const target = sandbox.ledger.created.length + moreUsers;
      const untilMs = performance.now() + (random() < 0.25 ? random() * 900 : Infinity);
      const isDue = () => sandbox.ledger.created.length >= target || performance.now() >= untilMs;
      while (child.isRunning() && !isDue()) await delay(1);
      if (child.isRunning()) killed += 1;
      child.kill(plan.signal ?? 'SIGKILL');
    }
    const exitCode = await child.ended;
    if (exitCode === 1 || exitCode === 0) {
      if (killed < plan.kills) {
        throw new Error(`${plan.name}: the run completed after only ${killed} kills`);
      }
      return { folder: join(reports, String(runId)), runs, earlier };
    }
    if (plan.isPowerCut && existsSync(journal)) cutShort(journal, Math.floor(random() * LARGEST_CUT_BYTES));
    if (exitCode === 143 && existsSync(join(reports, String(runId), 'summary.json'))) {
      earlier.push(verdictOnStopped(join(reports, String(runId))));
    }
    if (!['SIGKILL', 'SIGTERM', 143].includes(exitCode)) {
      throw new Error(`${plan.name}: exit ${exitCode}\n${child.talk()}`);
    }
  }
}

/** Cuts off the end of a file, as a power failure can do with data that was written but not yet synced. */
function cutShort(path, bytes) {
  const text = readFileSync(path);
  truncateSync(path, Math.max(text.indexOf('\n') + 1, text.length - bytes));
}

function start(args, { reports, sandbox, flags = [], fileBlocks = 'unlimited' }) {
  const common = ['--reports', reports, '--concurrency', '20', '--rate-limit-share', '1', '--no-progress'];
  const limited = ['-c', `ulimit -f ${fileBlocks} && exec "$@"`, 'sh'];
  const child = spawn('/bin/sh', [...limited, process.execPath, CLI, ...args, ...common, ...flags], {
    env: { ...process.env, TMPDIR: work, OKTA_CLIENT_ORGURL: sandbox.url, OKTA_CLIENT_TOKEN: sandbox.token },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.add(child);
  child.once('close', () => children.delete(child));
  let talk = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (talk += text));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  return {
    ended,
    talk: () => talk,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: (signal) => child.kill(signal),
  };
}

function printRow(cells) {
  const [name, ...figures] = cells.map((cell, index) =>
    index === 0 ? String(cell).padEnd(COLUMNS[0]) : String(cell).padStart(COLUMNS[index]),
  );
  console.log(name + figures.join(''));
}

function seconds(sinceMs) {
  return ((performance.now() - sinceMs) / 1000).toFixed(1);
}

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
