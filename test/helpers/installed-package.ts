import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** The entry of a package in `package-lock.json`. */
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

/** The packages that are installed with this one, by path. */
export function runtimePackages(): readonly (readonly [path: string, locked: LockedPackage])[] {
  return Object.entries(lockedPackages()).filter(
    ([path, { dev, optional }]) => path !== '' && !dev && !optional,
  );
}

/** The result of `npm pack` for the built tree. */
export interface Packed {
  /** Path of the tarball. */
  readonly tarball: string;
  readonly files: readonly string[];
  readonly unpackedBytes: number;
}

/** Packs what `npm run build` has built, into a folder. */
export async function pack(folder: string): Promise<Packed> {
  // Without a new build: other tests are using the current one.
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', args, {
    cwd: REPOSITORY,
    env: { ...process.env, npm_config_cache: folder },
  });
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, NpmPacked>);
  if (packed === undefined) throw new Error(`npm pack printed: ${stdout}`);
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

/** A project that has installed the package from its tarball. */
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
   * @param nodeTypes - the dependency whose Node types the project uses: those of Node 20, or the latest.
   * @returns the output of the compiler; empty if there are no errors.
   */
  typecheck(source: string, nodeTypes?: string): Promise<string>;
  remove(): void;
}

/**
 * Packs, and installs with npm into an empty project, without a network. Only the declared run-time packages are present, so
 * that a package that is used but not declared is missing.
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
    // Our declarations are checked, too.
    skipLibCheck: false,
  },
  files: ['consumer.ts'],
};

/** With these lock files, npm has nothing to fetch. */
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
