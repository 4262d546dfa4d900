// What an import without rate limits costs, compared with a bare loop that sends the same bodies, and with Okta's SDK.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { CLI, run } from './child.mjs';
import { startInstantOrg } from './orgs.mjs';
import { median, result } from './result.mjs';

const IN_FLIGHT = 50;
/** The first two alternate, so that other load on the machine affects both. */
const ROUNDS = 3;

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
  const [loops, imports] = [[], []];
  let sdk;
  try {
    for (let round = 0; round < (isQuick ? 1 : ROUNDS); round += 1) {
      loops.push(await run(bare('bare-undici.mjs', bodies)));
      imports.push(await importOnce(people, { org, workplace }));
    }
    sdk = await run(bare('bare-sdk.mjs', people));
  } finally {
    org.close();
  }
  const perSecond = (seconds) => rows / seconds;
  const loopSpeed = perSecond(median(loops.map(({ seconds }) => seconds)));
  const importSpeed = perSecond(median(imports.map(({ seconds }) => seconds)));
  const importPerCpu = perSecond(median(imports.map(({ cpuSeconds }) => cpuSeconds)));
  const sdkSpeed = perSecond(sdk.seconds);
  return {
    results: [
      result({
        bench: 'import, rows per second',
        against: 'bare undici loop',
        ratio: importSpeed / loopSpeed,
        atLeast: 0.5,
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
    ],
  };
}

/** Imports a file with the journal and all reports, and deletes the reports. */
export async function importOnce(people, { org, workplace, concurrency = IN_FLIGHT }) {
  const reports = await workplace.reports();
  const took = await run(
    [CLI, 'import', people, ...FLAGS, '--concurrency', String(concurrency), '--reports', reports],
    { env: org.env },
  );
  await rm(reports, { recursive: true });
  return took;
}

export const FLAGS = ['--no-activate', '--rate-limit-share', '1', '--quiet'];

function words(ours, theirs) {
  return `${Math.round(ours)} : ${Math.round(theirs)} rows/s`;
}
