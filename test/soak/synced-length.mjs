/**
 * To be loaded before the program (`node --import`): records how much of each file has been forced to the disk, since a power
 * failure can lose everything else. `readSyncedBytes` reads what was recorded.
 */
import { fstatSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

const folder = new URL(import.meta.url).searchParams.get('folder');
if (folder !== null) await recordSyncsIn(folder);

async function recordSyncsIn(folder) {
  const file = await open(new URL(import.meta.url), 'r');
  const prototype = Object.getPrototypeOf(file);
  await file.close();
  for (const method of ['datasync', 'sync']) {
    const original = prototype[method];
    prototype[method] = async function () {
      const stats = fstatSync(this.fd);
      await original.call(this);
      if (stats.isFile()) replaceFile(recordOf(folder, stats), String(stats.size));
    };
  }
}

/** The process may be killed in between. */
function replaceFile(path, text) {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** @returns undefined when nothing was recorded since `forgetSyncs`. */
export function readSyncedBytes(folder, path) {
  try {
    return Number(readFileSync(recordOf(folder, statSync(path)), 'utf8'));
  } catch {
    return undefined;
  }
}

export function forgetSyncs(folder, path) {
  rmSync(recordOf(folder, statSync(path)), { force: true });
}

function recordOf(folder, { dev, ino }) {
  return join(folder, `${dev}-${ino}.synced`);
}
