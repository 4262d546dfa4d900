import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** What `package-lock.json` says of a package. */
export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export function lockedPackages(): Readonly<Record<string, LockedPackage>> {
  const lock = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  return lock.packages;
}

/** Those that whoever installs this package gets with it, by their path. */
export function runtimePackages(): readonly (readonly [path: string, locked: LockedPackage])[] {
  return Object.entries(lockedPackages()).filter(
    ([path, { dev, optional }]) => path !== '' && !dev && !optional,
  );
}

/** What `npm pack` makes of the tree as it is built. */
export interface Packed {
  /** Path of the tarball. */
  readonly tarball: string;
  readonly files: readonly string[];
  readonly unpackedBytes: number;
}

/** Packs what `npm run build` has built, into a folder. */
export async function pack(folder: string): Promise<Packed> {
  // Not building it anew: other tests are running what is built.
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', args, {
    cwd: REPOSITORY,
    env: { ...process.env, npm_config_cache: folder },
  });
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, NpmPacked>);
  if (packed === undefined) throw new Error(`npm pack said: ${stdout}`);
  return {
    tarball: join(folder, packed.filename),
    files: packed.files.map(({ path }) => path).sort(),
    unpackedBytes: packed.unpackedSize,
  };
}

interface NpmPacked {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
  readonly unpackedSize: number;
}

/** A project of somebody else's that has installed the package from its tarball. */
export interface InstalledPackage {
  readonly folder: string;
  readonly packed: Packed;
  /** The program, where npm puts it. */
  readonly bin: string;
  /** Runs a module of the project. @returns its standard output. */
  runModule(source: string): Promise<string>;
  /**
   * Checks a module of the project with the strictest settings.
   *
   * @param nodeTypes - our dependency with the types of Node that the project has: of Node 20, or the latest.
   * @returns what the compiler says; empty when all is well.
   */
  typecheck(source: string, nodeTypes?: string): Promise<string>;
  remove(): void;
}

/**
 * Packs, and installs with npm into an empty project, without a network: the packages that ours needs at run time are there
 * already, and no others, so that one that is used and not declared is missed.
 */
export async function installPackage(): Promise<InstalledPackage> {
  const parent = mkdtempSync(join(tmpdir(), 'okta-csv-import-package-'));
  const folder = join(parent, 'project');
  mkdirSync(folder);
  const packed = await pack(parent);
  putRuntimePackages(folder, packed.tarball);
  const flags = [
    '--offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--cache',
    join(parent, 'cache'),
  ];
  await run('npm', ['install', ...flags], { cwd: folder });
  return {
    folder,
    packed,
    bin: join(folder, 'node_modules/.bin/okta-csv-import'),
    async runModule(source) {
      const file = join(folder, 'consumer.mjs');
      writeFileSync(file, source);
      return (await run(process.execPath, [file], { cwd: folder })).stdout;
    },
    async typecheck(source, nodeTypes = '@types/node') {
      const types = join(folder, 'node_modules/@types/node');
      rmSync(types, { recursive: true, force: true });
      cpSync(join(REPOSITORY, 'node_modules', nodeTypes), types, { recursive: true });
      if (nodeTypes === '@types/node') copyPackage('node_modules/undici-types', folder);
      writeFileSync(join(folder, 'consumer.ts'), source);
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(STRICTEST));
      const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
      return run(process.execPath, [tsc, '-p', folder]).then(
        () => '',
        (error: unknown) => String((error as { stdout?: unknown }).stdout ?? error),
      );
    },
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}

const STRICTEST = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'NodeNext',
    types: ['node'],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    // Our declarations are looked at as well.
    skipLibCheck: false,
  },
  files: ['consumer.ts'],
};

/** With lock files that say so, npm finds nothing to fetch. */
function putRuntimePackages(folder: string, tarball: string): void {
  const own = lockedPackages()['']!;
  const there = runtimePackages();
  for (const [path, { bin = {} }] of there) {
    if (path.lastIndexOf('node_modules/') > 0) continue;
    copyPackage(path, folder);
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    for (const [name, target] of Object.entries(bin)) {
      symlinkSync(
        join('..', path.replace(/^node_modules\//, ''), target),
        join(folder, 'node_modules/.bin', name),
      );
    }
  }
  const dependencies = { 'okta-csv-import': `file:${tarball}` };
  const ours = {
    version: own.version,
    resolved: `file:${tarball}`,
    dependencies: own.dependencies,
    bin: own.bin,
  };
  const packages = Object.fromEntries(there);
  const lock = { name: 'project', lockfileVersion: 3, requires: true };
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  write('package.json', { name: 'project', private: true, type: 'module', dependencies });
  write('node_modules/.package-lock.json', { ...lock, packages });
  write('package-lock.json', {
    ...lock,
    packages: { '': { name: 'project', dependencies }, ...packages, 'node_modules/okta-csv-import': ours },
  });
}

function copyPackage(path: string, folder: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  cpSync(join(REPOSITORY, path), join(folder, path), { recursive: true });
}
