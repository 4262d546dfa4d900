import { createHash } from 'node:crypto';

import { readPackagedFile } from '../../packaged-file.js';
import type { PageAssets } from './document.js';

/** Output folder of `scripts/build.mjs`. */
const BUILT = 'dist/report/html/';

/** Reads the page's style and script, to be inlined. */
export function readPageAssets(): PageAssets {
  return { style: readAsset('page.css'), script: readAsset('page.js') };
}

function readAsset(name: string): PageAssets['style'] {
  const text = readPackagedFile(BUILT + name);
  return { text, digest: `sha256-${createHash('sha256').update(text).digest('base64')}` };
}
