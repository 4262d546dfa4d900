// How time and memory grow with the number of rows, and what it costs to resume a long run that is nearly complete.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { CLI, run } from './child.mjs';
import { FLAGS } from './import.mjs';
import { startInstantOrg } from './orgs.mjs';
import { result } from './result.mjs';

const MOST_MEGABYTES = 200;
const ROWS_LEFT = 1000;
/** Attempts that are recorded without a response when the run is killed; each costs a read. */
const MOST_IN_DOUBT = 500;

export async function growth({ workplace, isQuick }) {
  const counts = isQuick ? [1000, 20_000] : [1000, 10_000, 100_000, 1_000_000];
  const [small, large] = isQuick ? counts : [10_000, 1_000_000];
  const sizes = [];
  const took = {};
  const org = await startInstantOrg();
  try {
    for (const rows of counts) {
      const people = await workplace.people(rows);
      const bare = await run([fileURLToPath(new URL('bare-csv-parse.mjs', import.meta.url)), people]);
      const reports = await workplace.reports();
      const validate = await run([CLI, 'validate', people, '--quiet', '--reports', reports]);
      const imported = await run(
        [CLI, 'import', people, ...FLAGS, '--concurrency', '50', '--reports', reports],
        { env: org.env },
      );
      took[rows] = { bare, validate, import: imported };
      sizes.push(
        sizeOf('csv-parse', rows, bare),
        sizeOf('validate', rows, validate),
        sizeOf('import', rows, imported),
      );
      await rm(reports, { recursive: true });
    }
  } finally {
    org.close();
  }
  took.resume = await resume(await workplace.people(large), large, await workplace.reports());
  sizes.push(sizeOf(`resume, ${ROWS_LEFT} left`, large, took.resume));
  const { bare, validate } = took[large];
  return {
    sizes,
    results: [
      result({
        bench: `validate, ${large} rows`,
        against: 'csv-parse, columns: true',
        ratio: validate.seconds / bare.seconds,
        atMost: 1.3,
        figures: secondsOf(validate, bare),
      }),
      memory('validate', took[large].validate, took[small].validate),
      memory('import', took[large].import, took[small].import),
      result({
        bench: `resume, ${ROWS_LEFT} of ${large} rows left`,
        against: 'csv-parse, columns: true',
        ratio: took.resume.seconds / bare.seconds,
        atMost: 2,
        figures: secondsOf(took.resume, bare),
      }),
      result({
        bench: `resume, ${ROWS_LEFT} of ${large} rows left, peak memory`,
        against: 'MB',
        ratio: megabytesOf(took.resume),
        atMost: 190,
        figures: `${megabytesOf(took.resume)} MB`,
      }),
    ],
  };
}

function memory(command, large, small) {
  return result({
    bench: `${command}, peak memory of the largest file`,
    against: '10k rows',
    ratio: large.peakBytes / small.peakBytes,
    atMost: 1.3,
    isElseGood: large.peakBytes < MOST_MEGABYTES * 1e6,
    figures: `${megabytesOf(large)} : ${megabytesOf(small)} MB`,
  });
}

/** Kills an import shortly before its end, and resumes it. */
async function resume(people, rows, reports) {
  const org = await startInstantOrg({ stallsAfter: rows - ROWS_LEFT });
  try {
    const flags = [...FLAGS, '--concurrency', '50', '--reports', reports];
    const env = { ...process.env, ...org.env };
    const args = [CLI, 'import', people, ...flags, '--run-id', 'killed'];
    const child = spawn(process.execPath, args, { stdio: 'ignore', env });
    await org.stalled();
    child.kill('SIGKILL');
    await once(child, 'exit');
    org.goOn();
    const took = await run([CLI, 'resume', 'killed', ...flags.slice(1)], { env: org.env });
    const { counts, requests } = JSON.parse(await readFile(join(reports, 'killed', 'summary.json'), 'utf8'));
    if (counts.created !== rows) throw new Error(`${counts.created} of ${rows} rows are created.`);
    if (requests.sent > ROWS_LEFT + MOST_IN_DOUBT) throw new Error(`${requests.sent} requests were sent.`);
    return took;
  } finally {
    org.close();
  }
}

function sizeOf(what, rows, { seconds, cpuSeconds, peakBytes }) {
  return {
    what,
    rows,
    seconds: Number(seconds.toFixed(2)),
    'CPU seconds': Number(cpuSeconds.toFixed(2)),
    'µs a row': Number(((seconds / rows) * 1e6).toFixed(1)),
    'peak MB': megabytesOf({ peakBytes }),
  };
}

function secondsOf(ours, theirs) {
  return `${ours.seconds.toFixed(2)} : ${theirs.seconds.toFixed(2)} s`;
}

function megabytesOf({ peakBytes }) {
  return Math.round(peakBytes / 1e6);
}
