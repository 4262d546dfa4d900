import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { rolldown } from 'rolldown';
import { afterAll } from 'vitest';

/**
 * Bundles a test module with what it imports from `src`, to be run in a separate process.
 *
 * @returns the path of the bundle, which is deleted after the tests of the file.
 */
export async function bundled(module: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'okta-csv-import-bundle-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const bundle = await rolldown({ input: module, platform: 'node' });
  const file = join(folder, 'bundle.mjs');
  await bundle.write({ file, codeSplitting: false });
  await bundle.close();
  return file;
}
