// All benches in one table. Every figure is a ratio of two measurements of the same run, since machines differ.
// `npm run bench`, `npm run bench -- <name>…`, `npm run bench -- --quick` (a small version that only shows that the benches work),
// `npm run bench -- --output <file>`, `npm run bench -- --docs` (also updates the tables of docs/performance.md).
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { growth } from './growth.mjs';
import { speed } from './import.mjs';
import { latency } from './latency.mjs';
import { orgLimits } from './org-limits.mjs';
import { rateLimit } from './rate-limit.mjs';
import { reportPage } from './report-page.mjs';
import { requests } from './requests.mjs';
import { startUp } from './start-up.mjs';
import { toLine, updateDocs } from './update-docs.mjs';
import { Workplace } from './workplace.mjs';

const BENCHES = {
  'start-up': startUp,
  'rate-limit': rateLimit,
  'org-limits': orgLimits,
  requests,
  latency,
  import: speed,
  growth,
  'report-page': reportPage,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
    output: { type: 'string', default: 'reports/bench.json' },
  },
});
const unknown = positionals.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  console.error(`There is no bench ${unknown}. There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}

const results = [];
const sizes = [];
const workplace = await Workplace.open();
try {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    console.error(`${name} …`);
    const found = await bench({ workplace, isQuick: values.quick });
    results.push(...found.results);
    sizes.push(...(found.sizes ?? []));
  }
} finally {
  await workplace.close();
}

const tables = [
  {
    header: ['bench', 'against', 'ratio', 'bar', 'met', 'figures'],
    rows: results.map(({ bench, against, ratio, bar, isGood, figures }) => [
      bench,
      against,
      ratio.toFixed(ratio < 10 ? 3 : 1),
      bar,
      isGood ? 'yes' : '**no**',
      figures,
    ]),
  },
  ...(sizes.length > 0 ? [{ header: Object.keys(sizes[0]), rows: sizes.map(Object.values) }] : []),
];
tables.forEach(print);
if (values.docs) await updateDocs(tables);
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 1e9),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};
const { stdout: commit } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' });
await mkdir(dirname(values.output), { recursive: true });
const record = {
  at: new Date().toISOString(),
  commit: commit?.trim(),
  isQuick: values.quick,
  machine,
  results,
  sizes,
};
await writeFile(values.output, `${JSON.stringify(record, undefined, 2)}\n`);
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}. Written to ${values.output}.`);
process.exitCode = results.every(({ isGood }) => isGood) || values.quick ? 0 : 1;

/** Prints a Markdown table, as in docs/performance.md. */
function print({ header, rows }) {
  const lines = [header, header.map(() => '---'), ...rows];
  console.log(`${lines.map(toLine).join('\n')}\n`);
}
