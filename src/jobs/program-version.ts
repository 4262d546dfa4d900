import { readPackagedFile } from '../packaged-file.js';

export function programVersion(): string {
  const manifest: unknown = JSON.parse(readPackagedFile('package.json'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}
