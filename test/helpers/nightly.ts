import { onTestFinished } from 'vitest';

import type { SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';

import { orgSettings, type CliResult } from './cli.js';
import { cli, type InProcessOptions } from './in-process-cli.js';
import { workplace, type Workplace } from './workplace.js';
import { forbidSecondMail } from './mails.js';

export interface Employee {
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly employeeNumber: string;
  readonly title: string;
}

/** An org and a folder in which a data set is synced night after night. */
export interface Nightly {
  readonly okta: Sandbox;
  readonly at: Workplace;
  /** Writes the file and runs `sync`, matching by employee number. */
  night(
    people: readonly Employee[],
    args?: readonly string[],
    options?: Partial<InProcessOptions>,
  ): Promise<CliResult>;
  /** Another command. */
  run(args: readonly string[], options?: Partial<InProcessOptions>): Promise<CliResult>;
  /** The counts of the last night's `summary.json`. */
  sync(result: CliResult): Record<string, number>;
  /** A change by an admin in Okta. */
  edit(login: string, profile: Readonly<Record<string, string | null>>): Promise<void>;
  /** Calls an operation of the org as an admin does. */
  call(method: string, path: string, body?: object): Promise<Response>;
}

export async function nightly({
  clock,
  ...options
}: Partial<SandboxOptions> & Pick<InProcessOptions, 'clock'> = {}): Promise<Nightly> {
  const okta = await startSandbox({ seed: { users: [] }, rateLimits: { limits: 1_000_000 }, ...options });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  const env = orgSettings(okta);
  const run: Nightly['run'] = (args, more) => cli(args, { at, env, ...(clock && { clock }), ...more });
  const call: Nightly['call'] = (method, path, body) =>
    fetch(`${okta.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `SSWS ${okta.token}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    okta,
    at,
    run,
    call,
    night(people, args = [], more) {
      const file = at.file('people.csv', staffCsv(people));
      return run(['sync', file, '--dataset=staff', '--match=employeeNumber', '--json', ...args], more);
    },
    sync: ({ stdout }) => (JSON.parse(stdout) as { sync: Record<string, number> }).sync,
    async edit(login, profile) {
      const response = await call('POST', `/users/${okta.findUser(login)?.id}`, { profile });
      if (!response.ok) throw new Error(await response.text());
    },
  };
}

const COLUMNS = ['login', 'email', 'firstName', 'lastName', 'employeeNumber', 'title', 'password'] as const;

/** Users with a password are active at once. */
export function staffCsv(people: readonly Employee[]): string {
  const rows = people.map((person) => {
    const cells = { ...person, email: person.login, password: `Pw-of-${person.employeeNumber || 'nobody'}` };
    return COLUMNS.map((column) => cells[column]).join(',');
  });
  return `${[COLUMNS.join(','), ...rows].join('\n')}\n`;
}

export function employee(number: number, changes: Partial<Employee> = {}): Employee {
  return {
    login: `person${number}@example.com`,
    firstName: `First${number}`,
    lastName: `Last${number}`,
    employeeNumber: String(1000 + number),
    title: 'Clerk',
    ...changes,
  };
}

/** Employees 1 to `count`. */
export function staff(count: number): Employee[] {
  return Array.from({ length: count }, (_, index) => employee(index + 1));
}
