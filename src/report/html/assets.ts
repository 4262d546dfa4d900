import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import type { PageAssets } from './document.js';

/** Output folder of `scripts/build-page.mjs`. */
const BUILT = new URL('../../../dist/report/html/', import.meta.url);

/** Reads the page's style and script, to be inlined. */
export async function readPageAssets(): Promise<PageAssets> {
  const [style, script] = await Promise.all(
    ['page.css', 'page.js'].map(async (name) => {
      const text = await readFile(new URL(name, BUILT), 'utf8');
      return { text, digest: `sha256-${createHash('sha256').update(text).digest('base64')}` };
    }),
  );
  return { style: style!, script: script! };
}
