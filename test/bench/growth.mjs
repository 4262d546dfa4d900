// How time and memory grow with the number of rows, and what it costs to resume a long run that is nearly complete.
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { CLI, run } from './child.mjs';
import { FLAGS } from './import.mjs';
import { startInstantOrg } from './orgs.mjs';
import { result } from './result.mjs';

const MOST_MEGABYTES = 200;
const ROWS_LEFT = 1000;

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
        [CLI, 'import', people, ...FLAGS, '--concurrency', '50', '--reports', reports, '--run-id', 'grown'],
        { env: org.env },
      );
      took[rows] = { bare, validate, import: imported };
      sizes.push(
        sizeOf('csv-parse', rows, bare),
        sizeOf('validate', rows, validate),
        sizeOf('import', rows, imported),
      );
      if (rows === large) took.resume = await resume(join(reports, 'grown'), { rows, org, reports });
      await rm(reports, { recursive: true });
    }
  } finally {
    org.close();
  }
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

/** Turns a finished run into one that was killed shortly before its end, and resumes it. */
async function resume(folder, { rows, org, reports }) {
  const journal = join(folder, 'journal.ndjson');
  await pipeline(
    async function* linesLeft() {
      for await (const line of createInterface({ input: createReadStream(journal) })) {
        const row = Number(/^\{"type":"(?:attempt|outcome)","row":(\d+)/.exec(line)?.[1] ?? 0);
        if (row <= rows - ROWS_LEFT && !line.startsWith('{"type":"finished"')) yield `${line}\n`;
      }
    },
    createWriteStream(`${journal}.part`),
  );
  await rename(`${journal}.part`, journal);
  const took = await run([CLI, 'resume', folder, '--quiet', '--concurrency', '50', '--reports', reports], {
    env: org.env,
  });
  const { counts, requests } = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'));
  if (counts.created !== rows) throw new Error(`${counts.created} of ${rows} rows are created.`);
  if (requests.sent > ROWS_LEFT + 10) throw new Error(`${requests.sent} requests were sent.`);
  return took;
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
