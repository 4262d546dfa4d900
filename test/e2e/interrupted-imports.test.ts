import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { systemClock, type Clock } from '../../src/clock.js';
import { OUTCOME_UNKNOWN } from '../../src/rows/outcome.js';
import { orgSettings, startCli } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { loginOf, peopleCsv } from '../helpers/people.js';
import { recordedOrg, type RecordedOrg } from '../helpers/recorder.js';
import { workplace, type Workplace } from '../helpers/workplace.js';

const HOUR_MS = 3_600_000;

interface Scene {
  readonly org: RecordedOrg;
  readonly at: Workplace;
  readonly env: Record<string, string>;
  /** Lets time pass in the org. */
  readonly pass: (ms: number) => void;
}

async function scene(): Promise<Scene> {
  let laterMs = 0;
  const org = await recordedOrg({ now: () => Date.now() + laterMs, rateLimits: false });
  const at = workplace();
  at.file('people.csv', peopleCsv(40));
  return { org, at, env: orgSettings(org), pass: (ms) => (laterMs += ms) };
}

/** Kills a command while four creates wait for their responses: their users exist in the org. */
async function killWithFourInFlight(
  { org, at, env }: Scene,
  args: readonly string[],
  answered: number,
): Promise<void> {
  const hold = org.holdCreatesAfter(answered);
  const running = startCli([...args, '--concurrency=4'], { at, env });
  await hold.waiting(4);
  running.process.kill('SIGKILL');
  await running.finished;
  hold.release();
}

/** Logins by status. */
function loginsWith(at: Workplace, runId: string, status: string): string[] {
  return at
    .run(runId)
    .results.filter((line) => line.status === status)
    .map(({ login }) => login);
}

/** Somebody else creates the user of a row. */
async function createAsColleague({ org }: Scene, row: number): Promise<string> {
  const login = loginOf(row);
  const response = await fetch(`${org.okta.url}/api/v1/users?activate=true`, {
    method: 'POST',
    headers: {
      authorization: `SSWS ${org.token}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({ profile: { login, email: login, firstName: `Given ${row}`, lastName: 'Family' } }),
  });
  return ((await response.json()) as { id: string }).id;
}

it('a run resumed an hour after a kill recognizes its users when responses are lost again', async () => {
  const stage = await scene();
  const { org, at, env } = stage;
  await killWithFourInFlight(stage, ['import', 'people.csv', '--run-id=it'], 8);
  stage.pass(HOUR_MS);
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + HOUR_MS };
  org.okta.addFault({ on: 'createUser', every: 3, then: 'reset-after-commit' });

  const resumed = await cli(['resume', 'it'], { at, env, clock });

  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(loginsWith(at, 'it', 'created')).toHaveLength(40);
  expect(org.okta.ledger.created).toHaveLength(40);
});

it('two runs of one file never report the same user as created, and undo of one leaves the users of the other', async () => {
  const stage = await scene();
  const { org, at, env } = stage;
  await killWithFourInFlight(stage, ['import', 'people.csv', '--run-id=first'], 8);

  const second = await cli(['import', 'people.csv', '--run-id=second'], { at, env });
  expect(second.stderr).toContain('Run first of this file was interrupted');
  await cli(['resume', 'first'], { at, env });

  const [ofFirst, ofSecond] = [loginsWith(at, 'first', 'created'), loginsWith(at, 'second', 'created')];
  expect(ofFirst).toHaveLength(12);
  expect([...ofFirst, ...ofSecond].toSorted()).toEqual(
    org.okta
      .users()
      .map(({ profile }) => profile.login)
      .toSorted(),
  );
  expect(await cli(['undo', 'first', '--yes'], { at, env })).toMatchObject({ exitCode: 0 });
  expect(
    org.okta
      .users()
      .map(({ profile }) => profile.login)
      .toSorted(),
  ).toEqual(ofSecond.toSorted());
});

it('a run that was killed twice claims no users that a colleague created in between', async () => {
  const stage = await scene();
  const { org, at, env } = stage;
  await killWithFourInFlight(stage, ['import', 'people.csv', '--run-id=it'], 8);
  stage.pass(HOUR_MS);
  const strangers = new Map<string, string>();
  for (let row = 13; row <= 22; row += 1) strangers.set(loginOf(row), await createAsColleague(stage, row));
  stage.pass(HOUR_MS);
  await killWithFourInFlight(stage, ['resume', 'it'], 6);
  stage.pass(HOUR_MS);

  const resumed = await cli(['resume', 'it'], { at, env });

  expect(resumed.exitCode).toBe(1);
  expect(loginsWith(at, 'it', 'failed').toSorted()).toEqual([...strangers.keys()].toSorted());
  expect(loginsWith(at, 'it', 'created')).toHaveLength(30);
  await cli(['undo', 'it', '--yes'], { at, env });
  expect(
    org.okta
      .users()
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual([...strangers.values()].toSorted());
});

it('a row whose evidence is contradictory stays in doubt and does not block undo, which leaves its user', async () => {
  const stage = await scene();
  const { org, at, env } = stage;
  await killWithFourInFlight(stage, ['import', 'people.csv', '--run-id=it'], 8);
  const { id = '' } = org.okta.findUser(loginOf(9)) ?? {};
  await fetch(`${org.okta.url}/api/v1/users/${id}`, {
    method: 'POST',
    headers: {
      authorization: `SSWS ${org.token}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({ profile: { lastName: 'Married' } }),
  });

  const resumed = await cli(['resume', 'it'], { at, env });

  expect(resumed.exitCode).toBe(1);
  expect(at.run('it').results[8]).toMatchObject({
    status: 'failed',
    errorCode: OUTCOME_UNKNOWN,
    message: expect.stringContaining('differs in lastName'),
  });
  expect(await cli(['undo', 'it', '--yes'], { at, env })).toMatchObject({ exitCode: 0 });
  expect(org.okta.users().map((user) => user.id)).toEqual([id]);
});

function mappingWithTitle(title: string): string {
  return `profile:\n  login: login\n  email: email\n  firstName: firstName\n  lastName: lastName\n  title: { value: ${title} }\n`;
}

it('a resumed run uses the mapping that it started with, and reports that the file has changed', async () => {
  const { org, at, env } = await scene();
  at.file('map.yaml', mappingWithTitle('Lead'));
  org.okta.addFault({ on: 'createUser', nth: 10, then: 'okta-error', errorCode: 'E0000011' });
  const stopped = await cli(['import', 'people.csv', '--mapping=map.yaml', '--run-id=it'], { at, env });
  expect(stopped.exitCode).toBe(3);
  at.file('map.yaml', mappingWithTitle('Chief'));

  const resumed = await cli(['resume', 'it'], { at, env });

  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(resumed.stderr).toContain('map.yaml has changed since the run started.');
  expect(org.okta.users().map(({ profile }) => profile['title'])).toEqual(
    Array.from({ length: 40 }, () => 'Lead'),
  );
});

it('a resumed run needs no mapping file, since the journal has its content', async () => {
  const { org, at, env } = await scene();
  const elsewhere = workplace();
  writeFileSync(
    join(at.folder, 'map.yaml'),
    'profile:\n  login: login\n  email: email\n  firstName: lastName\n  lastName: firstName\n',
  );
  org.okta.addFault({ on: 'createUser', nth: 10, then: 'okta-error', errorCode: 'E0000011' });
  await cli(['import', 'people.csv', '--mapping=map.yaml', '--run-id=it'], { at, env });

  const resumed = await cli(['resume', join(at.folder, 'reports', 'it')], { at: elsewhere, env });

  expect(resumed).toMatchObject({ exitCode: 0 });
  expect(org.okta.users().every(({ profile }) => profile['firstName'] === 'Family')).toBe(true);
});
