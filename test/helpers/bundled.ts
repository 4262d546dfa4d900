import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { rolldown } from 'rolldown';
import { afterAll } from 'vitest';

/**
 * Bundles a module of the tests with what it imports from `src`, for a process of its own.
 *
 * @returns the path of the bundle, which is gone after the tests of the file.
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
