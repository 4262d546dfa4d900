import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';

/** Everything that a file imports statically, directly or not; packages by name. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.endsWith('.ts')) return seen;
  const source = readFileSync(file, 'utf8');
  for (const [, , clause = '', target = ''] of source.matchAll(
    /^(import|export) ([^;]*?) ?from '([^']+)'/gm,
  )) {
    if (clause.startsWith('type ')) continue;
    loadedWith(target.startsWith('.') ? join(dirname(file), target.replace(/\.js$/, '.ts')) : target, seen);
  }
  return seen;
}

it.each([
  'src/cli.ts',
  'src/settings/load.ts',
  'src/okta/client.ts',
  'src/okta/auth/authenticator.ts',
  'src/okta/auth/static-token.ts',
  'src/jobs/import.ts',
  'src/cli/commands/whoami.ts',
  'src/sandbox/server.ts',
])('%s loads no OAuth code, which an API token does not need', (file) => {
  const loaded = loadedWith(file);

  expect(loaded).not.toContain('jose');
  expect(loaded).not.toContain('src/okta/auth/service-app.ts');
  expect(loaded).not.toContain('src/settings/private-key.ts');
});

it('the service app’s authenticator does load it', () => {
  expect(loadedWith('src/okta/auth/service-app.ts')).toContain('jose');
});
