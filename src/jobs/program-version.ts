import { readFile } from 'node:fs/promises';

import { packageRoot } from '../package-root.js';

export async function programVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('package.json', packageRoot()), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}
