import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { onTestFinished } from 'vitest';

import type { Clock } from '../../src/clock.js';
import { systemClock } from '../../src/clock.js';
import type { Row } from '../../src/rows/row.js';
import { apiToken } from '../../src/okta/auth/static-token.js';
import { OktaClient } from '../../src/okta/client.js';
import type { Profile } from '../../src/okta/types.js';
import { applyRow } from '../../src/engine/apply-row.js';
import { UserReader } from '../../src/org/user-reader.js';
import { OrgKnowledge } from '../../src/engine/org-knowledge.js';
import type { ApplyContext } from '../../src/engine/apply-context.js';
import { SETTLE_GRACE_MS } from '../../src/engine/shutdown-grace.js';
import type { RunDescription } from '../../src/journal/journal-line.js';
import type { RowOutcome } from '../../src/rows/outcome.js';
import type { CreateOperation } from '../../src/rows/operation.js';
import { Cancellation } from '../../src/rows/cancellation.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { Secret } from '../../src/secret.js';

export function rowOf(row: number): Row {
  return { row, line: row + 1, cells: [`user${row}@example.com`] };
}

export function profileOf(row: number, more: Profile = {}): Profile {
  const login = `user${row}@example.com`;
  return { firstName: 'Noor', lastName: `Test ${row}`, email: login, login, ...more };
}

export function createOf(row: number, more: Profile = {}): CreateOperation {
  const profile = profileOf(row, more);
  return {
    kind: 'create',
    row: rowOf(row),
    login: String(profile['login']),
    request: { profile },
    options: { activate: true },
  };
}

export function createdOutcome(row: number): RowOutcome {
  return {
    row,
    line: row + 1,
    login: `user${row}@example.com`,
    attempts: 1,
    durationMs: 5,
    status: 'created',
    oktaId: `00u${row}`,
    userStatus: 'ACTIVE',
    profileDigest: 'abc',
    requestId: 'request-1',
  };
}

/** A temporary folder, removed after the test. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'okta-run-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const description: RunDescription = {
  runId: 'run-1',
  version: '0.0.0',
  command: 'import',
  file: {
    name: 'people.csv',
    path: '/data/people.csv',
    sizeBytes: 1,
    sha256: 'ab',
    encoding: 'utf-8',
    delimiter: ',',
    records: 10,
  },
  org: 'https://acme.okta.com',
  startedAt: '2026-01-01T00:00:00.000Z',
  startedAtOrgMs: Date.UTC(2026, 0, 1),
  settings: {
    mapping: undefined,
    activate: true,
    changePassword: false,
    groups: [],
    userType: undefined,
    only: undefined,
    ignoreColumns: [],
    encoding: undefined,
    delimiter: undefined,
  },
};

/** Real time with short pauses, so that the program does not wait for long. */
export const hastyClock: Clock = {
  now: () => systemClock.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    // Only the grace period of a stopped run takes longer.
    await delay(ms === SETTLE_GRACE_MS ? 1000 : Math.min(ms, 2), undefined, signal ? { signal } : {}).catch(
      (error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      },
    );
  },
};

/** A sandbox, a client and what else `applyRow` needs, all closed after the test. */
export interface Workbench {
  readonly okta: Sandbox;
  readonly client: OktaClient;
  readonly cancellation: Cancellation;
  /** What was journaled, in order. */
  readonly journaled: { readonly kind: 'attempt' | 'outcome'; readonly row: number }[];
  readonly context: ApplyContext;
  readonly apply: (operation: CreateOperation, more?: Partial<ApplyContext>) => Promise<RowOutcome>;
}

export async function workbench(
  options: SandboxOptions = {},
  requests: { readonly requestTimeoutMs?: number; readonly giveUpAfterMs?: number } = {},
): Promise<Workbench> {
  const okta = await startSandbox({ rateLimits: false, ...options });
  onTestFinished(() => okta.close());
  const client = new OktaClient({
    orgUrl: okta.url,
    signIn: apiToken(new Secret(okta.token)),
    userAgent: 'test',
    concurrency: 10,
    rateLimitShare: 1,
    requestTimeoutMs: 5000,
    giveUpAfterMs: 20_000,
    clock: hastyClock,
    random: () => 0.5,
    ...requests,
  });
  onTestFinished(() => client.close());
  const cancellation = new Cancellation();
  const journaled: Workbench['journaled'] = [];
  const context: ApplyContext = {
    client,
    journal: {
      recordAttempt: async ({ row }) => void journaled.push({ kind: 'attempt', row: row.row }),
      recordOutcome: async ({ row }) => void journaled.push({ kind: 'outcome', row }),
    },
    knowledge: new OrgKnowledge(client, { recordClock: () => Promise.resolve() }),
    reader: new UserReader({ client, clock: hastyClock }),
    clock: hastyClock,
    random: () => 0.5,
    cancellation,
    columnOf: () => undefined,
  };
  // As in a run, the first request learns the org's clock.
  await client.listUserTypes();
  return {
    okta,
    client,
    cancellation,
    journaled,
    context,
    apply: (operation, more) => applyRow(operation, { ...context, ...more }),
  };
}
