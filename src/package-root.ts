import { existsSync } from 'node:fs';

/** The folder of this package, whether this module runs from `src`, from `dist` or from a bundle in `dist`. */
export function packageRoot(): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) folder = new URL('..', folder);
  return folder;
}
