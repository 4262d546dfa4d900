import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';

import { createOktaClient, startSandbox, type Sandbox, type SandboxOptions } from '../../src/index.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import type { CheckState } from '../../src/page/api/check.js';
import type { ColumnsState } from '../../src/page/api/columns.js';
import type { PlanOptions, PlanState } from '../../src/page/api/plan.js';
import type { RunView } from '../../src/page/api/run.js';
import { openNamedFile } from '../../src/page/file/file-routes.js';
import type { PageOrg } from '../../src/page/session.js';
import type { CheckStep, ColumnsStep } from '../../src/page/steps.js';

import { onTestFinished } from 'vitest';

import { interceptedOrg, type InterceptedOrg, type Interceptor } from '../helpers/intercepted-org.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

import { pageScene, type PageScene } from './page-client.js';

export const HEADER = 'login,email,firstName,lastName,department';

export const MAPPING = `profile:
  login: login
  email: email
  firstName: firstName
  lastName: lastName
  department: department
`;

export const OPTIONS: PlanOptions = {
  ifExists: 'fail',
  activate: true,
  groups: [],
  createGroups: false,
  clearEmpty: false,
  changePassword: false,
  canary: undefined,
  maxFailures: undefined,
  allOrNothing: false,
};

export interface RunScene extends PageScene {
  readonly okta: Sandbox;
  readonly org: InterceptedOrg;
  readonly host: string;
  /** The check that the test edits. */
  readonly check: EditableCheck;
  /** Plans, and waits until the plan is there. */
  plan(options?: Partial<PlanOptions>): Promise<PlanState>;
  /** Plans and imports to the end. */
  importAll(options?: Partial<PlanOptions>): Promise<RunView>;
  /** Waits for the end of the current run. */
  untilEnded(): Promise<RunView>;
  /** Runs a command line as the page shows it, in the folder of the page. */
  shell(command: string): ReturnType<typeof cli>;
}

export interface EditableCheck extends CheckStep {
  exclude(...rows: readonly number[]): void;
  /** Replaces the whole file. */
  edit(csv: string): void;
}

/** People as rows of a CSV file. */
export function people(count: number, department = 'Sales'): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const login = `p${index + 1}@example.com`;
    return `${login},${login},Amara,Okafor ${index + 1},${department}`;
  });
  return `${[HEADER, ...rows].join('\n')}\n`;
}

/** A page with a file whose columns are mapped, and an org. Closed after the test. */
export async function runScene(
  csv: string,
  {
    intercept = () => undefined,
    mapping = MAPPING,
    giveUpAfterMs = 2000,
    at = workplace(),
    ...sandbox
  }: SandboxOptions & {
    readonly intercept?: Interceptor;
    readonly mapping?: string;
    readonly giveUpAfterMs?: number;
    readonly at?: Workplace;
  } = {},
): Promise<RunScene> {
  const okta = await startSandbox({ rateLimits: false, ...sandbox });
  onTestFinished(() => okta.close());
  const org = await interceptedOrg(okta, intercept);
  const page = await pageScene({ org: pageOrg(org.url, okta.token, giveUpAfterMs), at });
  const { server, client } = page;
  const { session } = server;
  at.file('people.csv', csv);
  await openNamedFile(session, join(at.folder, 'people.csv'));
  const columns: ColumnsStep = {
    state: { yaml: mapping } as ColumnsState,
    mappingFile: parseMappingFile(mapping, 'mapping.yaml'),
    close: () => Promise.resolve(),
  };
  await session.replace('columns', columns);
  const check = editableCheck(csv);
  await session.replace('check', check);
  const { host } = new URL(org.url);
  const plan = async (options: Partial<PlanOptions> = {}): Promise<PlanState> => {
    await client.json('POST', '/api/plan', { ...OPTIONS, ...options });
    const state = await client.untilState(
      (each) => each.plan !== undefined && each.plan.status !== 'running',
    );
    return state.plan!;
  };
  const untilEnded = async (): Promise<RunView> => {
    const state = await client.untilState((each) => each.run?.status === 'ended');
    return state.run!;
  };
  return {
    ...page,
    okta,
    org,
    host,
    check,
    plan,
    untilEnded,
    async importAll(options) {
      await plan(options);
      await client.json('POST', '/api/run', { org: host });
      return untilEnded();
    },
    shell: (command) =>
      cli(wordsOf(command).slice(1), { at, env: orgSettings({ url: org.url, token: okta.token }) }),
  };
}

export function pageOrg(url: string, token: string, giveUpAfterMs = 2000): PageOrg {
  return {
    state: { kind: 'org', url, credentialsFrom: 'the test', problem: undefined },
    orgArgs: [],
    connect: () => {
      const client = createOktaClient({ orgUrl: url, apiToken: token, giveUpAfterMs });
      return Promise.resolve({ client, close: () => client.close() });
    },
  };
}

function editableCheck(csv: string): EditableCheck {
  let content = csv;
  let excluded: readonly number[] = [];
  let version = 1;
  const rows = csv.trim().split('\n').length - 1;
  return {
    get state() {
      return { rows, excludedRows: excluded.length } as CheckState;
    },
    get hasEdits() {
      return content !== csv;
    },
    get excludedRows() {
      return excluded;
    },
    get version() {
      return version;
    },
    exclude(...numbers) {
      excluded = numbers;
    },
    edit(changed) {
      content = changed;
      version += 1;
    },
    settled: () => Promise.resolve(),
    writeCsv: (path) => writeFile(path, content, { mode: 0o600 }),
    close: () => Promise.resolve(),
  };
}

/** Splits as a POSIX shell does, as far as this program quotes. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replaceAll(
      /'([^']*)'|\\(.)/g,
      (_, quoted: string | undefined, escaped: string | undefined) => quoted ?? escaped ?? '',
    ),
  );
}
