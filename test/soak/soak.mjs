/**
 * The soak: the built program runs as a child process against a sandbox with seeded faults, and is killed and resumed again and
 * again. Every report is compared with the sandbox's own records.
 *
 *     npm run soak             3,000 rows per plan, up to 50 kills; about four minutes
 *     npm run soak -- --short  the same plans with 200 rows and 4 to 6 kills; about a minute
 *     npm run soak -- --seed 7 other faults, other moments
 *     npm run soak -- --only "reset after commit"
 *     npm run soak -- --only nights   only the forty nights of a data set, against a model
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import pLimit from 'p-limit';

import { existingProfiles, killedActivation, killedUpdate } from './changes.mjs';
import { importWithFaults, killedImport, twoRuns } from './imports.mjs';
import { fortyNights } from './nights.mjs';
import { startOrg } from './org.mjs';
import { loginOf, peopleOf, profileOf, writeCsv } from './people.mjs';
import { faultPlans, killPlans } from './plans.mjs';
import { killPrograms } from './program.mjs';
import { randomOf } from './random.mjs';
import { mergeProblems, noProblems } from './verdict.mjs';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const seed = Number(values.seed);
const { rows, p, kills, fewKills } = values.short
  ? { rows: 200, p: 0.05, kills: 6, fewKills: 4 }
  : { rows: 3000, p: 0.01, kills: 50, fewKills: 15 };
const COLUMNS = [29, 6, 8, 6, 6, 9, 13, 9, 8];
/** Updates and activations are followed by an undo, and the kills of both count. */
const SCENARIOS = {
  faults: importWithFaults,
  killed: killedImport,
  'two runs': twoRuns,
  update: killedUpdate,
  activate: killedActivation,
};

const work = mkdtempSync(join(tmpdir(), 'okta-soak-'));
const startedAtMs = performance.now();
const total = { rows: 0, faults: 0, runs: 0, problems: noProblems() };
try {
  console.log(`seed ${seed}, ${rows} rows per plan\n`);
  printRow(['plan', 'rows', 'faults', 'runs', 'lost', 'doubled', 'misreported', 'claimed', 's']);
  // Two at a time, printed in order: a plan mostly waits.
  const limit = pLimit(2);
  const results = plans()
    .filter(({ name }) => name.includes(values.only))
    .map((plan) => limit(() => soak(plan)));
  for (const result of results) printResult(await result);
} finally {
  killPrograms();
  rmSync(work, { recursive: true, force: true });
}
printRow(['in all', total.rows, total.faults, total.runs, ...counts(total.problems), seconds(startedAtMs)]);
const failures = Object.values(total.problems).flat().length;
console.log(failures === 0 ? '\nEvery report is correct.' : `\n${failures} problems.`);
const areNightsRight =
  !'nights'.includes(values.only) || (await fortyNights({ seed, runs: values.short ? 1 : 10 }));
process.exitCode = failures === 0 && areNightsRight ? 0 : 1;

function plans() {
  const all = [
    ...faultPlans({ rows, p, loginOf: (row) => loginOf('people', row) }).map((plan) => ({
      kind: 'faults',
      ...plan,
    })),
    ...killPlans({ kills, fewKills, p }),
  ];
  return all.map((plan, index) => ({ ...plan, index }));
}

async function soak(plan) {
  const { index, sandbox: sandboxOptions } = plan;
  const beganAtMs = performance.now();
  const random = randomOf(seed * 1000 + index);
  const folder = join(work, String(index));
  const people = peopleOf(rows, 'people');
  const file = `${folder}.csv`;
  writeCsv(file, people);
  const gapsMs = plan.gapsMs ?? [0];
  const org = await startOrg({
    roomMs: (2 * (plan.kills ?? 1) + 1) * Math.max(...gapsMs),
    faultSeed: seed * 1000 + index,
    ...sandboxOptions,
    seededProfiles:
      plan.kind === 'update'
        ? existingProfiles(people)
        : people.filter(({ row, isInvalid }) => !isInvalid && row % plan.takesEvery === 0).map(profileOf),
  });
  const { sandbox, clock } = org;
  const reports = `${folder}.reports`;
  const scene = {
    plan,
    org,
    people,
    file,
    reports,
    work,
    random,
    nextGapMs: () => gapsMs[Math.floor(random() * gapsMs.length)],
    programOptions: () => ({ work, reports, sandbox, shiftMs: clock.shiftMs() }),
  };
  const interval = plan.meanwhile && setInterval(() => plan.meanwhile(sandbox), plan.everyMs);
  try {
    const { runs, verdicts } = await SCENARIOS[plan.kind](scene);
    const faults = [...sandbox.ledger.faults.values()].reduce((sum, count) => sum + count, 0);
    return { name: plan.name, faults, runs, problems: mergeProblems(verdicts), seconds: seconds(beganAtMs) };
  } finally {
    clearInterval(interval);
    await sandbox.close();
  }
}

function printResult({ name, faults, runs, problems, seconds }) {
  printRow([name, rows, faults, runs, ...counts(problems), seconds]);
  for (const problem of Object.values(problems).flat().slice(0, 5)) console.log(`    ${problem}`);
  total.rows += rows;
  total.faults += faults;
  total.runs += runs;
  total.problems = mergeProblems([total.problems, problems]);
}

function counts(problems) {
  return Object.values(problems).map(({ length }) => length);
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
