import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import {
  createOktaClient,
  startSandbox,
  type OktaClient,
  type Sandbox,
  type SandboxOptions,
} from '../../src/index.js';

/** A sandbox org with a client, until the test is over. */
export async function org(options: SandboxOptions = {}): Promise<{ okta: Sandbox; client: OktaClient }> {
  const okta = await startSandbox({ rateLimits: false, ...options });
  const client = createOktaClient({ orgUrl: okta.url, apiToken: okta.token, giveUpAfterMs: 2_000 });
  onTestFinished(async () => {
    await client.close();
    await okta.close();
  });
  return { okta, client };
}

/** An empty folder, until the test is over. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'okta-csv-import-library-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** All outcomes, in the order of the rows. */
export async function collect<T extends { readonly row: number }>(outcomes: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all.sort((one, other) => one.row - other.row);
}

/** A valid record with the given values. */
export function person<T extends object>(
  number: number,
  more: T,
): T & { login: string; email: string; firstName: string; lastName: string } {
  const login = `p${number}@example.com`;
  return { login, email: login, firstName: 'Given', lastName: `Family ${number}`, ...more };
}
