// Builds dist: the program, the library with its types, the report page, the local page, and the manual page.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';

import { rolldown } from 'rolldown';

import { buildManPage } from './man-page.mjs';

const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'));

await rm('dist', { recursive: true, force: true });
await buildProgram();
await buildLibrary();
await buildReportPage();
await buildLocalPage();
await buildTypes();
await buildManPage();

/**
 * The command line, in chunks; a command loads only the chunks it needs. Packages that every import needs are bundled,
 * since resolving a hundred files takes longer than reading one; the others are loaded from node_modules on demand.
 */
async function buildProgram() {
  const bundled = new Set(['csv-parse', 'p-limit', 'p-retry', 'undici', 'yargs']);
  const external = Object.keys(dependencies).filter((name) => !bundled.has(name));
  const usual = new Set();
  const bundle = await rolldown({
    input: 'src/cli.ts',
    preserveEntrySignatures: false,
    platform: 'node',
    plugins: [withoutUnusedParts(), externals(external), findLoaded(usual)],
    // A module that is loaded lazily here can be loaded eagerly in the library.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await bundle.write({
    dir: 'dist',
    chunkFileNames: 'chunks/[name].js',
    // The licenses are in a file of their own.
    comments: false,
    codeSplitting: {
      groups: [
        // Without the entry: its top-level await would wait for chunks that wait for it.
        {
          name: 'base',
          tags: ['$initial'],
          test: (id) => !id.endsWith('/src/cli.ts'),
          priority: 1,
        },
        { name: 'run', test: (id) => usual.has(id), minShareCount: 2 },
        // Shared by other commands, by workbooks and by the page.
        { name: 'more', test: /\/src\//, minShareCount: 2, includeDependenciesRecursively: false },
      ],
    },
  });
  await bundle.close();
  await writeLicenses(output, 'dist/chunks/LICENSES.txt');
}

/** Finds the modules that an import and `validate` load, so that what only others load is in other chunks. */
function findLoaded(found) {
  return {
    name: 'find-loaded',
    buildEnd() {
      const add = (id) => {
        if (found.has(id)) return;
        found.add(id);
        this.getModuleInfo(id)?.importedIds.forEach(add);
      };
      for (const path of [
        'cli/commands/import',
        'cli/commands/validate',
        'cli/connect',
        'jobs/write-report',
      ]) {
        this.getModuleInfo(resolve(`src/${path}.ts`)).dynamicallyImportedIds.forEach(add);
      }
    },
  };
}

/** The library, in one file, and the demo data of the sandbox for tools. They use the packages that npm installs. */
async function buildLibrary() {
  for (const [input, dir] of [
    ['src/index.ts', 'dist'],
    ['src/sandbox/demo-seed.ts', 'dist/sandbox'],
  ]) {
    const bundle = await rolldown({
      input,
      platform: 'node',
      plugins: [externals(Object.keys(dependencies))],
    });
    // Its declarations have the documentation; bundlers need the annotations.
    await bundle.write({ dir, codeSplitting: false, comments: { annotation: true, jsdoc: false } });
    await bundle.close();
  }
}

/** Leaves packages to be loaded from node_modules. */
function externals(names) {
  const pattern = new RegExp(`^(?:${names.join('|')})(?:/|$)`);
  return { name: 'externals', resolveId: (id) => (pattern.test(id) ? { id, external: true } : undefined) };
}

/** Leaves out the parts of bundled packages that the program does not use, some of which are slow to load. */
function withoutUnusedParts() {
  const empty = '\0empty';
  return {
    name: 'without-unused-parts',
    resolveId(id, importer = '') {
      // Help is laid out by src/cli/help.ts.
      if (/^(?:cliui|string-width)$/.test(id) && importer.includes('/yargs/')) return empty;
      // HTTP/2 is not used.
      if (id.endsWith('/client-h2.js')) return empty;
      // Request bodies are strings.
      if (id.endsWith('/web/fetch/body.js')) return { id: 'undici/lib/web/fetch/body.js', external: true };
      // Only the heartbeat needs the whole package, and few runs have one.
      return id === 'undici' ? { id, external: true } : undefined;
    },
    load: (id) => (id === empty ? 'export default undefined;' : undefined),
  };
}

/** The licenses of bundled packages must be distributed with the code. */
async function writeLicenses(output, path) {
  const moduleIds = output.flatMap(({ moduleIds = [] }) => moduleIds);
  const folders = moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []);
  const texts = [...new Set(folders)].map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const files = ['LICENSE', 'license', 'LICENSE.txt', 'LICENSE.md'].map((file) => join(folder, file));
    const text = await Promise.any(files.map((file) => readFile(file, 'utf8')));
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  const line = `\n${'-'.repeat(80)}\n\n`;
  await writeFile(path, (await Promise.all(texts)).join(line));
}

/** The page's script and styles for inlining, from `src/report/html/browser`. */
async function buildReportPage() {
  const source = 'src/report/html/browser';
  const built = 'dist/report/html';
  const { license, version } = JSON.parse(await readFile('node_modules/uplot/package.json', 'utf8'));
  const banner = `/*! With uPlot ${version}, ${license}, © Leon Sorokin, https://github.com/leeoniya/uPlot */`;

  const bundle = await rolldown({ input: `${source}/page.ts`, platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  // Inlined code must not end its element or start a comment.
  const script = output[0].code
    .trim()
    .replaceAll('</script', String.raw`<\/script`)
    .replaceAll('<!--', String.raw`<\!--`);

  // Later rules override earlier ones.
  const names = ['tokens', 'focus', 'theme', 'summary', 'rows', 'details', 'screens', 'print'];
  const styles = [
    'node_modules/uplot/dist/uPlot.min.css',
    ...names.map((name) => `${source}/styles/${name}.css`),
  ];
  const style = (await Promise.all(styles.map((path) => readFile(path, 'utf8'))))
    .join('\n')
    .replaceAll(/\/\*[^]*?\*\//g, '');
  if (/<\/style/i.test(style)) throw new Error('The style would end its element.');

  await mkdir(built, { recursive: true });
  await writeFile(`${built}/page.js`, `${banner}\n${script}\n`);
  await copyFile('node_modules/uplot/LICENSE', `${built}/uPlot.LICENSE`);
  await writeFile(`${built}/page.css`, `${style.trim()}\n`);
}

/** The local page of `ui`, from `src/page/browser`: a document, a script and styles. */
async function buildLocalPage() {
  const source = 'src/page/browser';
  const built = 'dist/page';
  const bundle = await rolldown({ input: `${source}/main.tsx`, platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();

  // The palette and what shows the focus are the report's. Later rules override earlier ones.
  const first = [
    ...['tokens', 'focus'].map((name) => `src/report/html/browser/styles/${name}.css`),
    ...['theme', 'base', 'parts', 'fields'].map((name) => `${source}/styles/${name}.css`),
  ];
  const all = (await readdir(source, { recursive: true }))
    .filter((name) => name.endsWith('.css'))
    .map((name) => `${source}/${name}`)
    .toSorted();
  const styles = [...first, ...all.filter((path) => !first.includes(path))];
  const style = (await Promise.all(styles.map((path) => readFile(path, 'utf8')))).join('\n');

  await mkdir(built, { recursive: true });
  await writeFile(`${built}/app.js`, output[0].code);
  await writeFile(`${built}/app.css`, style);
  await copyFile(`${source}/index.html`, `${built}/index.html`);
  await writeLicenses(output, `${built}/LICENSES.txt`);
}

/** Keeps only the declarations that the library's entry reaches. */
async function buildTypes() {
  const all = 'dist/types';
  const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', all];
  const { status } = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
  if (status !== 0) throw new Error('The types cannot be built.');
  const reached = new Set(['index.d.ts']);
  for (const file of reached) {
    const text = await readFile(join(all, file), 'utf8');
    await mkdir(join('dist', dirname(file)), { recursive: true });
    await writeFile(join('dist', file), text);
    for (const [, path] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
      reached.add(join(dirname(file), `${path}.d.ts`));
    }
  }
  await rm(all, { recursive: true });
}
