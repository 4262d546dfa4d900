import { existsSync, readFileSync } from 'node:fs';

/**
 * Reads a text file of this package. The single-file program has its own version of this module, which reads from inside the
 * program.
 *
 * @param path - from the root of the package, such as `package.json`.
 * @throws {Error} the program was copied without the rest of its package.
 */
export function readPackagedFile(path: string): string {
  return readFileSync(new URL(path, packageRoot()), 'utf8');
}

/** The folder of this package, whether this module runs from `src`, from `dist` or from a bundle in `dist`. */
function packageRoot(): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const parent = new URL('..', folder);
    if (parent.href === folder.href) {
      throw new Error(
        'package.json is missing. Install the whole package instead of copying files out of it.',
      );
    }
    folder = parent;
  }
  return folder;
}
