// Builds executable/okta-csv-import: the program with Node inside, in one file.
//
// For another platform, give the Node of that platform: npm run executable -- --node <path of its node> --platform darwin|linux|win32
// Use the same version of Node as the one that runs this, since the program is prepared for it.
import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { inject } from 'postject';
import { rolldown } from 'rolldown';

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: process.execPath },
    platform: { type: 'string', default: process.platform },
  },
});
const { node, platform } = values;
const OUT = 'executable';
const WORK = join(OUT, 'parts');
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const name = platform === 'win32' ? 'okta-csv-import.exe' : 'okta-csv-import';

/** Files that the program reads from its package. */
const ASSETS = [
  'package.json',
  'dist/report/html/page.js',
  'dist/report/html/page.css',
  ...['index.html', 'app.js', 'app.css'].map((name) => `dist/page/${name}`),
  ...['okta', 'google', 'entra', 'bamboohr', 'workday'].map((preset) => `src/mapping/presets/${preset}.yaml`),
];

await rm(OUT, { recursive: true, force: true });
await mkdir(WORK, { recursive: true });
await bundleProgram();
await buildBlob();
await injectBlob();

/** One CommonJS file with all packages: a single-file program has no node_modules. */
async function bundleProgram() {
  const bundle = await rolldown({
    input: 'src/cli.ts',
    platform: 'node',
    plugins: [insideProgram()],
    // Only yargs uses it, where it looks for configuration files.
    transform: { define: { 'import.meta.url': 'programUrl', 'import.meta.resolve': 'undefined' } },
    checks: { ineffectiveDynamicImport: false },
  });
  await bundle.write({
    file: join(WORK, 'program.cjs'),
    format: 'cjs',
    codeSplitting: false,
    banner: `const programUrl = require('node:url').pathToFileURL(process.execPath).href;`,
  });
  await bundle.close();
}

/** Reads files of the package from inside the program, and bundles the packages that are loaded on demand. */
function insideProgram() {
  const files = '\0packaged-file';
  return {
    name: 'inside-program',
    resolveId: (id) => (id.endsWith('/packaged-file.js') ? files : undefined),
    load: (id) =>
      id === files
        ? `import { getAsset } from 'node:sea';\nexport const readPackagedFile = (path) => getAsset(path, 'utf8');`
        : undefined,
    transform: (code) =>
      code.includes('lazyRequire(')
        ? code.replaceAll(/import \{ lazyRequire \} from [^;]*;/g, '').replaceAll('lazyRequire(', 'require(')
        : undefined,
  };
}

async function buildBlob() {
  const config = {
    main: join(WORK, 'program.cjs'),
    output: join(WORK, 'program.blob'),
    disableExperimentalSEAWarning: true,
    // The compiled code is that of one platform.
    useCodeCache: platform === process.platform && node === process.execPath,
    assets: Object.fromEntries(ASSETS.map((path) => [path, path])),
  };
  const path = join(WORK, 'sea-config.json');
  await writeFile(path, JSON.stringify(config));
  const { status } = spawnSync(process.execPath, ['--experimental-sea-config', path], { stdio: 'inherit' });
  if (status !== 0) throw new Error('Node cannot prepare the program.');
}

async function injectBlob() {
  const program = join(OUT, name);
  await copyFile(node, program);
  await chmod(program, 0o755);
  // Only on a Mac can a program for a Mac be signed; there an unsigned one does not start.
  const canSign = platform === 'darwin' && process.platform === 'darwin';
  if (canSign) spawnSync('codesign', ['--remove-signature', program], { stdio: 'inherit' });
  const options = { sentinelFuse: FUSE, ...(platform === 'darwin' && { machoSegmentName: 'NODE_SEA' }) };
  await inject(program, 'NODE_SEA_BLOB', await readFile(join(WORK, 'program.blob')), options);
  if (canSign) spawnSync('codesign', ['--sign', '-', program], { stdio: 'inherit' });
  process.stdout.write(`${program}\n`);
}
