import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { presetNames } from '../../src/mapping/presets.js';
import {
  installPackage,
  lockedPackages,
  runtimePackages,
  type InstalledPackage,
} from '../helpers/installed-package.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
};

describe('the packages that this one depends on', () => {
  it('are pinned to one version', () => {
    const { dependencies, devDependencies, overrides } = manifest;
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...overrides }).filter(
      ([, version]) => !/^(?:npm:@?[\w/-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
    );

    expect(loose).toEqual([]);
  });

  it('are locked with their hashes, and without an address', () => {
    const unlocked = Object.entries(lockedPackages()).filter(
      ([path, { integrity, resolved, version }]) =>
        path !== '' && (!integrity?.startsWith('sha512-') || version === undefined || resolved !== undefined),
    );

    expect(unlocked).toEqual([]);
  });

  it('run nothing when they are installed, if they are needed at run time', () => {
    expect(runtimePackages().length).toBeGreaterThan(Object.keys(manifest.dependencies).length);
    expect(runtimePackages().filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
  });

  it('are at most 120', () => {
    expect(runtimePackages().length).toBeLessThan(120);
  });
});

describe('the package', () => {
  let installed: InstalledPackage;
  beforeAll(async () => {
    installed = await installPackage();
  }, 300_000);
  afterAll(() => installed?.remove());

  it('contains the program, its types, its documents and licenses, and nothing else', () => {
    const { files, unpackedBytes } = installed.packed;
    const [inDist, beside] = [
      files.filter((path) => path.startsWith('dist/')),
      files.filter((path) => !path.startsWith('dist/')),
    ];

    expect(beside.filter((path) => !isDocument(path))).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      ...presetNames.map((name) => `src/mapping/presets/${name}.yaml`).sort(),
    ]);
    expect(inDist).toEqual(expect.arrayContaining(['dist/cli.js', 'dist/index.js', 'dist/index.d.ts']));
    expect(
      inDist.filter(
        (path) =>
          !/(?:\.js|\.d\.ts|\.css|\/uPlot\.LICENSE|LICENSES\.txt|\/page\/index\.html|\/okta-csv-import\.1)$/.test(
            path,
          ),
      ),
    ).toEqual([]);
    expect(inDist.filter((path) => /test|\.map$|\.tsbuildinfo$/.test(path))).toEqual([]);
    expect(unpackedBytes).toBeLessThan(5_500_000);
  });

  it('contains every chunk that the program can load, and no other', () => {
    const dist = join(installed.folder, 'node_modules/okta-csv-import/dist');
    const reached = new Set(['cli.js']);
    for (const file of reached) {
      const code = readFileSync(join(dist, file), 'utf8');
      for (const [, path] of code.matchAll(/(?:from |import |import\()"(\.[^"]+\.js)"/g)) {
        reached.add(join(dirname(file), path!));
      }
    }

    expect(installed.packed.files.filter((path) => path.endsWith('.js'))).toEqual(
      [...reached, 'index.js', 'page/app.js', 'report/html/page.js', 'sandbox/demo-seed.js']
        .map((path) => `dist/${path}`)
        .sort(),
    );
  });

  it('contains the licenses of the bundled packages', () => {
    const licenses = readFileSync(
      join(installed.folder, 'node_modules/okta-csv-import/dist/chunks/LICENSES.txt'),
      'utf8',
    );

    for (const name of ['csv-parse', 'p-limit', 'p-retry', 'undici', 'yargs']) {
      const { version } = lockedPackages()[`node_modules/${name}`]!;
      expect(licenses).toContain(`${name} ${version} (MIT)`);
    }
  });

  it('refers only to source maps that exist', () => {
    const dist = join(installed.folder, 'node_modules/okta-csv-import/dist');
    const naming = installed.packed.files
      .filter((path) => path.startsWith('dist/'))
      .filter((path) =>
        readFileSync(join(dist, path.slice('dist/'.length)), 'utf8').includes('sourceMappingURL'),
      );

    expect(naming).toEqual([]);
  });

  it('installs a program that runs', () => {
    expect(statSync(installed.bin).mode & 0o111).not.toBe(0);
    const say = (...args: string[]): string =>
      execFileSync(installed.bin, args, {
        cwd: installed.folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });

    expect(say('--version').trim()).toBe(manifest.version);
    expect(say('get', 'me', '--sandbox')).toContain('"status": "ACTIVE"');
    writeFileSync(join(installed.folder, 'entra.csv'), 'userPrincipalName,givenName,surname,displayName\n');
    expect(say('mapping', 'entra.csv')).toContain('--mapping preset:entra');
  });

  it('can be imported as a library', async () => {
    const output = await installed.runModule(`
      import { apiToken, readCsv, startSandbox, OktaClient, Secret, systemClock } from 'okta-csv-import';
      const { header } = await readCsv((async function* () { yield Buffer.from('login\\na@example.com\\n'); })());
      const sandbox = await startSandbox();
      const client = new OktaClient({
        orgUrl: sandbox.url, signIn: apiToken(new Secret(sandbox.token)), userAgent: 'consumer', concurrency: 1,
        rateLimitShare: 1, requestTimeoutMs: 10_000, giveUpAfterMs: 0, clock: systemClock, random: Math.random,
      });
      const me = await client.getUser('me');
      await client.close();
      await sandbox.close();
      console.log(header.join(), me.status);
    `);

    expect(output).toBe('login ACTIVE\n');
  });

  it('has types that compile with the strictest settings', async () => {
    const complaints = await installed.typecheck(`
      import { OktaImportError, readCsv, type CsvTable, type Row, type TransportOptions } from 'okta-csv-import';
      const table: CsvTable = await readCsv((async function* () { yield Buffer.from('login\\n'); })());
      for await (const row of table.rows) { const line: Row['line'] = row.line; void line; }
      const options: Pick<TransportOptions, 'concurrency' | 'network'> = { concurrency: 1, network: { ca: [], proxy: undefined } };
      void options;
      try { await readCsv((async function* () {})()); } catch (error) {
        if (error instanceof OktaImportError) { const code: \`ERR_\${string}\` = error.code; void code; }
      }
    `);

    expect(complaints).toBe('');
  });

  it.each(['@types/node', 'types-node-latest'])(
    'has types for everything that a program may do with it, next to those of %s',
    async (nodeTypes) => {
      for (const file of ['every-function.ts', 'import-people.ts']) {
        const source = readFileSync(`fixtures/library/${file}`, 'utf8');
        expect(await installed.typecheck(source, nodeTypes)).toBe('');
      }
    },
  );

  it('has types that reject wrong use', async () => {
    const complaints = await installed.typecheck(`
      import { readCsv } from 'okta-csv-import';
      await readCsv(7);
    `);

    expect(complaints).toContain('error TS2345');
  });
});

function isDocument(path: string): boolean {
  return /^docs\/[\w/-]+\.(?:md|svg|png)$/.test(path);
}
