import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { packageRoot } from '../../package-root.js';
import type { PageAssets } from './document.js';

/** Output folder of `scripts/build.mjs`. */
const BUILT = 'dist/report/html/';

/** Reads the page's style and script, to be inlined. */
export async function readPageAssets(): Promise<PageAssets> {
  const [style, script] = await Promise.all(
    ['page.css', 'page.js'].map(async (name) => {
      const text = await readFile(new URL(BUILT + name, packageRoot()), 'utf8');
      return { text, digest: `sha256-${createHash('sha256').update(text).digest('base64')}` };
    }),
  );
  return { style: style!, script: script! };
}
