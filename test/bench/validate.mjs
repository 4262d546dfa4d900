// How long does `validate` take for a million rows, beside bare csv-parse on the same file, and in how much memory?
// Run by `npm run bench:validate`, after `npm run build`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000);
const WORST_RATIO = 2;
const MOST_MEGABYTES = 200;

const HEADER = 'login,email,firstName,lastName,department,title,employeeNumber,mobilePhone,city';
const FIRST_NAMES = ['Noor', 'Zoë', 'Jörg', 'Ana', 'Mei', 'Ivan', 'Lotte', 'Kofi', 'Aiko', 'Sam'];
const LAST_NAMES = ['Haddad', 'Müller', 'Okafor', 'Lee', 'Vermeulen', 'Silva', 'Tanaka', "O'Neill"];
const DEPARTMENTS = ['Sales', '"Research, Development"', 'Finance', 'Operations'];
const CITIES = ['Berlin', 'Lagos', 'São Paulo', 'Osaka', 'Dublin'];

const folder = await mkdtemp(join(tmpdir(), 'bench-validate-'));
try {
  const file = join(folder, 'people.csv');
  await writePeople(file);
  const bare = await run(['--input-type=module', '-e', bareReader(file)]);
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const ours = await run([cli, 'validate', file, '--quiet', '--reports', join(folder, 'reports')]);
  const ratio = ours.seconds / bare.seconds;
  const megabytes = (await stat(file)).size / 1e6;
  console.log(`${ROWS} rows of 9 columns, ${megabytes.toFixed(0)} MB, Node ${process.version}`);
  console.table({
    'csv-parse, columns: true': figures(bare),
    validate: { ...figures(ours), ratio: ratio.toFixed(2) },
  });
  const isGood = ratio <= WORST_RATIO && ours.peakMegabytes <= MOST_MEGABYTES;
  console.log(
    isGood
      ? `Within ${WORST_RATIO} times the least time, and ${MOST_MEGABYTES} MB.`
      : `THE BAR IS MISSED: ${WORST_RATIO} times the least time, ${MOST_MEGABYTES} MB.`,
  );
  process.exitCode = isGood ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}

function figures({ seconds, peakMegabytes }) {
  return { seconds: seconds.toFixed(2), 'peak MB': Math.round(peakMegabytes) };
}

async function writePeople(path) {
  const file = createWriteStream(path);
  file.write(`${HEADER}\n`);
  for (let row = 1; row <= ROWS; row += 1) {
    const pick = (list) => list[row % list.length];
    const login = `person.${row}@example.com`;
    const cells = [
      login,
      login,
      pick(FIRST_NAMES),
      pick(LAST_NAMES),
      pick(DEPARTMENTS),
      'Engineer',
      100_000 + row,
    ];
    const line = `${cells.join(',')},+1 555 ${String(row).padStart(7, '0')},${pick(CITIES)}\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

/** What somebody would write who only wants the rows. */
function bareReader(path) {
  return `import { createReadStream } from 'node:fs';
    import { parse } from ${JSON.stringify(import.meta.resolve('csv-parse'))};
    let rows = 0;
    for await (const _ of createReadStream(${JSON.stringify(path)}).pipe(parse({ columns: true }))) rows += 1;
    if (rows !== ${ROWS}) throw new Error(rows + ' rows');`;
}

/** Runs Node, and has it say at its end how much memory it took at most. */
async function run(args) {
  const sayPeak = `data:text/javascript,${encodeURIComponent(
    "process.on('exit', () => process.send({ maxRSS: process.resourceUsage().maxRSS }))",
  )}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', sayPeak, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // It must not wait for messages from us.
  const message = once(child, 'message');
  const [exitCode] = await once(child, 'exit');
  const seconds = (performance.now() - startedAt) / 1000;
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}`);
  const [{ maxRSS }] = await message;
  return { seconds, peakMegabytes: (maxRSS * 1024) / 1e6 };
}
