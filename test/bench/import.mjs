// What an import without rate limits costs, compared with a bare loop that sends the same bodies, and with Okta's SDK.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { CLI, run } from './child.mjs';
import { startInstantOrg } from './orgs.mjs';
import { median, result } from './result.mjs';

const IN_FLIGHT = 50;
/** The first two alternate, so that other load on the machine affects both. */
const ROUNDS = 3;
/** Imports whose start and warm-up count: at most so much longer than the loop, or at least as fast as this share of it. */
const SHORT = [
  { rows: 1000, secondsMore: 0.7 },
  { rows: 20_000, atLeast: 0.45 },
];

export async function speed({ workplace, isQuick }) {
  const rows = isQuick ? 5000 : 100_000;
  const [people, bodies] = [await workplace.people(rows), await workplace.bodies(rows)];
  const bare = (script, file) => [
    fileURLToPath(new URL(script, import.meta.url)),
    org.url,
    file,
    String(IN_FLIGHT),
  ];
  const org = await startInstantOrg();
  const [loops, imports, unsynced] = [[], [], []];
  const shorter = [];
  let sdk;
  try {
    for (let round = 0; round < (isQuick ? 1 : ROUNDS); round += 1) {
      loops.push(await run(bare('bare-undici.mjs', bodies)));
      imports.push(await importOnce(people, { org, workplace }));
      unsynced.push(await importOnce(people, { org, workplace, nodeFlags: ['--import', WITHOUT_SYNC] }));
    }
    for (const { rows: count, ...bar } of SHORT) {
      const [fewPeople, fewBodies] = [await workplace.people(count), await workplace.bodies(count)];
      const [loop, ours] = [[], []];
      for (let round = 0; round < (isQuick ? 1 : ROUNDS); round += 1) {
        loop.push((await run(bare('bare-undici.mjs', fewBodies))).seconds);
        ours.push((await importOnce(fewPeople, { org, workplace })).seconds);
      }
      shorter.push(shortResult(count, bar, median(ours), median(loop)));
    }
    sdk = await run(bare('bare-sdk.mjs', people));
  } finally {
    org.close();
  }
  const perSecond = (seconds) => rows / seconds;
  const loopSpeed = perSecond(median(loops.map(({ seconds }) => seconds)));
  const importSpeed = perSecond(median(imports.map(({ seconds }) => seconds)));
  const importCpu = median(imports.map(({ cpuSeconds }) => cpuSeconds));
  const importPerCpu = perSecond(importCpu);
  const unsyncedCpu = median(unsynced.map(({ cpuSeconds }) => cpuSeconds));
  const sdkSpeed = perSecond(sdk.seconds);
  return {
    results: [
      ...shorter,
      result({
        bench: 'import, rows per second',
        against: 'bare undici loop',
        ratio: importSpeed / loopSpeed,
        atLeast: 0.6,
        figures: words(importSpeed, loopSpeed),
      }),
      result({
        bench: 'import, rows per second',
        against: 'SDK under p-limit',
        ratio: importSpeed / sdkSpeed,
        atLeast: 4,
        figures: words(importSpeed, sdkSpeed),
      }),
      result({
        bench: 'import, rows per CPU second',
        against: 'SDK under p-limit',
        ratio: importPerCpu / perSecond(sdk.cpuSeconds),
        atLeast: 4,
        figures: words(importPerCpu, perSecond(sdk.cpuSeconds)),
      }),
      result({
        bench: 'import, CPU seconds',
        against: 'attempts not synced to the disk',
        ratio: importCpu / unsyncedCpu,
        atMost: 1.1,
        figures: `${importCpu.toFixed(2)} : ${unsyncedCpu.toFixed(2)} s`,
      }),
    ],
  };
}

function shortResult(rows, { secondsMore, atLeast }, ours, loop) {
  const bench = `import of ${rows} rows, with its start`;
  const figures = `${ours.toFixed(2)} : ${loop.toFixed(2)} s`;
  return secondsMore === undefined
    ? result({ bench, against: 'bare undici loop', ratio: loop / ours, atLeast, figures })
    : result({
        bench,
        against: 'seconds more than the loop',
        ratio: ours - loop,
        atMost: secondsMore,
        figures,
      });
}

/** Imports a file with the journal and all reports, and deletes the reports. */
export async function importOnce(people, { org, workplace, concurrency = IN_FLIGHT, nodeFlags = [] }) {
  const reports = await workplace.reports();
  const took = await run(
    [CLI, 'import', people, ...FLAGS, '--concurrency', String(concurrency), '--reports', reports],
    { env: org.env, nodeFlags },
  );
  await rm(reports, { recursive: true });
  return took;
}

/** Attempts are still written before their requests, but not forced to the disk. */
const WITHOUT_SYNC = `data:text/javascript,${encodeURIComponent(`
  import { open } from 'node:fs/promises';
  const file = await open(process.execPath);
  Object.getPrototypeOf(file).datasync = async () => {};
  await file.close();
`)}`;

export const FLAGS = ['--no-activate', '--rate-limit-share', '1', '--quiet'];

function words(ours, theirs) {
  return `${Math.round(ours)} : ${Math.round(theirs)} rows/s`;
}
