// Builds dist: the program, the library with its types, and the script and the style of the report page.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { rolldown } from 'rolldown';

const EMPTY = '\0empty';
const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'));

await rm('dist', { recursive: true, force: true });
await buildProgram();
await buildLibrary();
await buildReportPage();
buildTypes();


/**
 * The command line, in chunks of which a command loads only those that it needs. The packages that every import needs are
 * bundled, which saves the resolution of a hundred files; the others are loaded from node_modules when they are needed.
 */
async function buildProgram() {
  const bundled = ['csv-parse', 'p-limit', 'p-retry', 'undici', 'yargs'];
  const output = await bundle('src/cli.ts', {
    external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
    plugins: [withoutUnusedParts()],
  });
  await writeLicenses(output);
}

/** One file; packages are those that npm installs. */
async function buildLibrary() {
  await bundle('src/index.ts', { external: Object.keys(dependencies), codeSplitting: false });
}

async function bundle(input, { external, plugins = [], codeSplitting = true }) {
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: external.flatMap((name) => [name, new RegExp(`^${name}/`)]),
    plugins,
  });
  const { output } = await bundle.write({ dir: 'dist', chunkFileNames: 'chunks/[name].js', codeSplitting });
  await bundle.close();
  return output;
}

/** Leaves out the parts of bundled packages that the program has no use for. */
function withoutUnusedParts() {
  return {
    name: 'without-unused-parts',
    resolveId(id, importer = '') {
      // The heartbeat uses fetch and the proxies of undici, and is rare.
      if (id === 'undici') return { id, external: true };
      // For bodies other than texts.
      if (id.endsWith('/web/fetch/body.js')) return { id: 'undici/lib/web/fetch/body.js', external: true };
      // yargs lays out its help with them; ours is in src/cli/help.ts.
      if (['cliui', 'string-width'].includes(id) && importer.includes('/yargs/')) return EMPTY;
      return undefined;
    },
    load: (id) => (id === EMPTY ? 'export default undefined;' : undefined),
  };
}

/** The licenses of the bundled packages, which ask to be passed on with their code. */
async function writeLicenses(output) {
  const files = output.flatMap(({ moduleIds = [] }) => moduleIds);
  const folders = files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []);
  const licenses = [...new Set(folders)].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const text = await Promise.any(
      ['LICENSE', 'license', 'LICENSE.txt', 'LICENSE.md'].map((file) => readFile(join(folder, file), 'utf8')),
    );
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  await writeFile('dist/chunks/LICENSES.txt', (await Promise.all(licenses)).join(`\n${'-'.repeat(80)}\n\n`));
}

/** The page's script and style as they are inlined, from `src/report/html/browser`. */
async function buildReportPage() {
  const source = 'src/report/html/browser';
  const built = 'dist/report/html';
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
  const { license, version } = JSON.parse(await readFile(join(uplot, 'package.json'), 'utf8'));
  const banner = `/*! With uPlot ${version}, ${license}, © Leon Sorokin, https://github.com/leeoniya/uPlot */`;

  const bundle = await rolldown({ input: `${source}/page.ts`, platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  // Inlined, it must not end its element or begin a comment.
  const script = output[0].code
    .trim()
    .replaceAll('</script', String.raw`<\/script`)
    .replaceAll('<!--', String.raw`<\!--`);

  const styles = [join(uplot, 'dist/uPlot.min.css'), `${source}/page.css`];
  const style = (await Promise.all(styles.map((path) => readFile(path, 'utf8'))))
    .join('\n')
    .replaceAll(/\/\*[^]*?\*\//g, '');
  if (/<\/style/i.test(style)) throw new Error('The style would end its element.');

  await mkdir(built, { recursive: true });
  await writeFile(`${built}/page.js`, `${banner}\n${script}\n`);
  await copyFile(join(uplot, 'LICENSE'), `${built}/uPlot.LICENSE`);
  await writeFile(`${built}/page.css`, `${style.trim()}\n`);
}

/** The declarations of all that the library's entry reaches. */
function buildTypes() {
  const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
