import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished, vi } from 'vitest';

import { openBrowser } from '../../src/cli/open-browser.js';
import { workplace } from '../helpers/workplace.js';

const ADDRESS = 'http://127.0.0.1:8090/?token=one-time';

/** A machine whose only program is this one. It writes down its arguments and its input. */
function machineWith(program: string | undefined, exitCode = 0) {
  const { folder } = workplace();
  const seen = join(folder, 'seen');
  if (program !== undefined) {
    const path = join(folder, program);
    const script = `#!/bin/sh\n{ echo "arguments: $*"; echo "input: $(/bin/cat)"; } > '${seen}.part'\n/bin/mv '${seen}.part' '${seen}'\nexit ${exitCode}\n`;
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  }
  vi.stubEnv('PATH', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return () => vi.waitUntil(() => existsSync(seen) && readFileSync(seen, 'utf8'), { timeout: 120_000 });
}

it.each([
  ['linux', 0],
  ['linux', 3],
  ['freebsd', 0],
] as const)('opens the address on %s, whatever becomes of it (exit code %i)', async (platform, exitCode) => {
  const seen = machineWith('xdg-open', exitCode);

  openBrowser(ADDRESS, platform);

  expect(await seen()).toBe(`arguments: ${ADDRESS}\ninput: \n`);
});

it('keeps the address out of the list of processes on macOS', async () => {
  const seen = machineWith('osascript');

  openBrowser(ADDRESS, 'darwin');

  expect(await seen()).toBe(`arguments: -\ninput: open location "${ADDRESS}"\n`);
});

it.each(['linux', 'darwin', 'win32'] as const)('does nothing on %s without such a program', (platform) => {
  machineWith(undefined);

  expect(() => openBrowser(ADDRESS, platform)).not.toThrow();
});
