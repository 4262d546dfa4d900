import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { expect, it, onTestFinished } from 'vitest';

import { systemClock, type Clock } from '../../../src/clock.js';
import { takeLock } from '../../../src/journal/lock-file.js';
import type { ReminderPlan } from '../../../src/jobs/remind.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.js';
import { orgSettings, startCli, type CliResult } from '../../helpers/cli.js';
import { cli, type InProcessOptions } from '../../helpers/in-process-cli.js';
import { loginOf, loginsTo, peopleCsv } from '../../helpers/people.js';
import { workplace, type Workplace } from '../../helpers/workplace.js';
import { forbidSecondMail } from '../../helpers/mails.js';
import { until } from '../../helpers/until.js';

const DAY_MS = 86_400_000;

interface Scene {
  readonly okta: Sandbox;
  readonly at: Workplace;
  readonly env: Record<string, string>;
  /** Lets time pass, for the org as well. */
  readonly pass: (ms: number) => void;
  /** Sets only this machine's clock: how far it is ahead of the org's. */
  readonly setClockAhead: (ms: number) => void;
  readonly run: (args: readonly string[], options?: Partial<InProcessOptions>) => Promise<CliResult>;
  readonly remind: (...args: readonly string[]) => Promise<CliResult>;
}

async function scene(options: SandboxOptions = {}): Promise<Scene> {
  let laterMs = 0;
  let aheadMs = 0;
  const now = (): number => systemClock.now() + laterMs;
  const okta = await startSandbox({ rateLimits: { limits: 100_000 }, ...options, now });
  onTestFinished(() => okta.close());
  forbidSecondMail(okta);
  const at = workplace();
  const env = orgSettings(okta);
  const clock: Clock = { ...systemClock, now: () => now() + aheadMs };
  const run: Scene['run'] = (args, more = {}) => cli(args, { at, env, clock, ...more });
  return {
    okta,
    at,
    env,
    pass: (ms) => (laterMs += ms),
    setClockAhead: (ms) => (aheadMs = ms),
    run,
    remind: (...args) => run(['remind', ...args]),
  };
}

/** Everybody was invited, and so many have signed in. */
async function invited(people: number, signedIn = 0, options: SandboxOptions = {}): Promise<Scene> {
  const stage = await scene(options);
  stage.at.file('people.csv', peopleCsv(people));
  await stage.run(['import', 'people.csv', '--run-id=it', '--quiet']);
  for (const login of loginsTo(signedIn)) await signIn(stage, login);
  return stage;
}

async function signIn({ okta }: Scene, login: string): Promise<void> {
  const lifecycle = async (operation: string): Promise<Response> =>
    fetch(`${okta.url}/api/v1/users/${login}/lifecycle/${operation}`, {
      method: 'POST',
      headers: { authorization: `SSWS ${okta.token}`, accept: 'application/json' },
    });
  const { activationUrl } = (await (await lifecycle('reactivate')).json()) as { activationUrl: string };
  expect((await fetch(activationUrl, { method: 'POST' })).status).toBe(200);
}

function remindersOf({ okta }: Scene, people: number): number[] {
  return loginsTo(people).map((login) => okta.ledger.mailsTo(login, 'reactivation'));
}

it('reminds those who have not signed in three days after their invitation, once each', async () => {
  const stage = await invited(5, 2);

  expect(await stage.remind('it')).toMatchObject({ exitCode: 0 });
  expect(remindersOf(stage, 5)).toEqual([0, 0, 0, 0, 0]);

  stage.pass(3 * DAY_MS);
  const { exitCode, stderr } = await stage.remind('it');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toContain('3 of 5 people were invited and have not activated their accounts.');
  expect(stderr).toContain('To be reminded: 3 emails (3 to example.com), from now on.');
  expect(stderr).toContain('3 users, 3 reminded.');
  expect(remindersOf(stage, 5)).toEqual([0, 0, 1, 1, 1]);

  const { results, summary } = stage.at.run('it-remind-2');
  expect(results.map(({ row, login, status }) => [row, login, status])).toEqual([
    ['3', loginOf(3), 'reminded'],
    ['4', loginOf(4), 'reminded'],
    ['5', loginOf(5), 'reminded'],
  ]);
  expect(summary).toMatchObject({ command: 'remind', exitCode: 0, counts: { total: 3, reminded: 3 } });
});

it('sends no second reminder before the time of --every has passed', async () => {
  const stage = await invited(2);
  stage.pass(3 * DAY_MS);
  await stage.remind('it');
  stage.pass(2 * DAY_MS);

  const { stderr } = await stage.remind('it');
  expect(stderr).toContain('2 people were reminded too recently (--every).');
  expect(stderr).toContain('There was no one to remind.');
  expect(remindersOf(stage, 2)).toEqual([1, 1]);

  stage.pass(DAY_MS);
  await stage.remind('it');
  expect(remindersOf(stage, 2)).toEqual([2, 2]);
  stage.pass(3 * DAY_MS);
  await stage.remind('it', '--every=7d');
  expect(remindersOf(stage, 2)).toEqual([2, 2]);
});

it('a daily job reminds everyone every three days, however slowly it sends and however early it starts', async () => {
  const stage = await invited(3);
  stage.pass(3 * DAY_MS);
  const log = join(stage.at.folder, 'reports', 'it', 'first-day.jsonl');
  for (const [round, earlyMs] of [0, 20 * 60_000, 3_600_000].entries()) {
    await stage.remind('it');
    expect(remindersOf(stage, 3)).toEqual([round + 1, round + 1, round + 1]);
    // As if --per-minute had sent the last one three hours after the start.
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    const last = JSON.parse(lines.pop()!) as { at: string };
    last.at = new Date(Date.parse(last.at) + 3 * 3_600_000).toISOString();
    writeFileSync(log, `${[...lines, JSON.stringify(last)].join('\n')}\n`);
    stage.pass(2 * DAY_MS);
    await stage.remind('it');
    expect(remindersOf(stage, 3)).toEqual([round + 1, round + 1, round + 1]);
    stage.pass(DAY_MS - earlyMs);
  }
});

it('an interval in hours is kept to the minute', async () => {
  const stage = await invited(1);
  stage.pass(3 * DAY_MS);
  await stage.remind('it', '--every=12h');
  stage.pass(DAY_MS / 2 - 60_000);
  await stage.remind('it', '--every=12h');
  expect(remindersOf(stage, 1)).toEqual([1]);
});

it.each([10 * DAY_MS, -10 * DAY_MS])(
  'a clock that is set by %i ms after a reminder causes neither a second one nor a missing one',
  async (ms) => {
    const stage = await invited(2);
    stage.pass(3 * DAY_MS);
    await stage.remind('it');

    stage.setClockAhead(ms);
    await stage.remind('it');
    expect(remindersOf(stage, 2)).toEqual([1, 1]);

    stage.pass(3 * DAY_MS);
    await stage.remind('it');
    expect(remindersOf(stage, 2)).toEqual([2, 2]);
  },
);

it.each([10 * DAY_MS, -10 * DAY_MS])(
  'a clock that was wrong by %i ms during a reminder and is right again changes nothing',
  async (ms) => {
    const stage = await invited(1);
    stage.pass(3 * DAY_MS);
    stage.setClockAhead(ms);
    await stage.remind('it');
    stage.setClockAhead(0);

    const planned = await stage.remind('it', '--dry-run', '--json', '--quiet');
    await stage.remind('it');
    expect(remindersOf(stage, 1)).toEqual([1]);
    const { waiting } = JSON.parse(planned.stdout) as ReminderPlan;
    expect(Math.abs(Date.now() + 3 * DAY_MS - Date.parse(waiting[0]?.remindedAt ?? ''))).toBeLessThan(
      600_000,
    );

    stage.pass(3 * DAY_MS);
    await stage.remind('it');
    expect(remindersOf(stage, 1)).toEqual([2]);
  },
);

it('two processes at once send nobody two emails, since one of them is refused', async () => {
  const stage = await scene({ latencyMs: 20 });
  const { okta, at, env, run } = stage;
  at.file('people.csv', peopleCsv(20));
  await run(['import', 'people.csv', '--run-id=it', '--quiet']);
  await run(['import', 'people.csv', '--run-id=again', '--if-exists=skip', '--quiet']);

  const processes = ['it', 'again'].map((id) =>
    startCli(['remind', id, '--after=0d', '--concurrency=2'], { at, env }),
  );
  const exitCodes = await Promise.all(
    processes.map(async ({ process }) => {
      if (process.exitCode === null) await once(process, 'close');
      return process.exitCode;
    }),
  );

  // Unless one ended before the other began.
  expect(exitCodes).toContain(0);
  expect(exitCodes.filter((exitCode) => exitCode !== 0 && exitCode !== 4)).toEqual([]);
  expect(new Set(remindersOf(stage, 20))).toEqual(new Set([1]));
  expect(okta.ledger.requests({ operation: 'reactivateUser' })).toBe(20);
});

it('while another process reminds people of the same folder, no one is reminded', async () => {
  const stage = await invited(2);
  stage.pass(3 * DAY_MS);
  const lock = await takeLock(join(stage.at.folder, 'reports', 'remind.lock'), {
    subject: 'reminders',
    runId: 'other',
    startedAt: '2026-11-24T02:00:00Z',
  });

  const refused = await stage.remind('it');
  await lock.release();

  expect(refused).toMatchObject({ exitCode: 4 });
  expect(refused.stderr).toContain('Reminders of the runs in');
  expect(remindersOf(stage, 2)).toEqual([0, 0]);
  expect(await stage.remind('it')).toMatchObject({ exitCode: 0 });
});

it.each([
  ['429s', { on: 'reactivateUser', then: '429-no-headers', nth: 3, times: 2 }, [1, 1, 1, 1, 1, 1], 0],
  ['lost responses', { on: 'reactivateUser', then: 'reset-after-commit', nth: 3 }, [1, 1, 1, 1, 1, 1], 1],
  ['half a body', { on: 'reactivateUser', then: 'half-json-body', nth: 3 }, [1, 1, 1, 1, 1, 1], 1],
] as const)('%s in the middle cost nobody a second email', async (_title, fault, mails, exitCode) => {
  const stage = await invited(6, 0, { faults: [fault] });
  stage.pass(3 * DAY_MS);

  const result = await stage.remind('it', '--concurrency=1');
  await stage.remind('it');

  expect({ exitCode: result.exitCode, mails: remindersOf(stage, 6) }).toEqual({ exitCode, mails });
});

it.each([
  ['LOCKED_OUT', true],
  ['ACTIVE', true],
  ['PASSWORD_EXPIRED', true],
  ['PROVISIONED', false],
] as const)(
  'an existing user who is %s gets a reminder only while the first sign-in is due',
  async (status, isLeft) => {
    const login = loginOf(1);
    const stage = await scene({
      seed: {
        users: [{ status, profile: { login, email: login, firstName: 'Given 1', lastName: 'Family' } }],
      },
    });
    stage.at.file('people.csv', peopleCsv(1));
    await stage.run(['import', 'people.csv', '--run-id=it', '--if-exists=skip', '--quiet']);
    stage.pass(30 * DAY_MS);

    expect(await stage.remind('it')).toMatchObject({ exitCode: 0 });

    expect(stage.okta.ledger.mails).toHaveLength(isLeft ? 0 : 1);
    expect(stage.okta.findUser(login)?.status).toBe(status);
  },
);

it('a person of two runs is reminded once', async () => {
  const stage = await invited(2);
  await stage.run(['import', 'people.csv', '--run-id=again', '--if-exists=skip', '--quiet']);
  stage.pass(3 * DAY_MS);

  await stage.remind('it');
  const { stderr } = await stage.remind('again');

  expect(stderr).toContain('2 people were reminded too recently');
  expect(remindersOf(stage, 2)).toEqual([1, 1]);
});

it('reminds people whose password was reset', async () => {
  const stage = await scene();
  stage.at.file('people.csv', peopleCsv(1, { password: 'Pw-of-2026-x' }));
  await stage.run(['import', 'people.csv', '--run-id=it', '--quiet']);
  const { okta } = stage;
  await fetch(`${okta.url}/api/v1/users/${loginOf(1)}/lifecycle/reset_password?sendEmail=false`, {
    method: 'POST',
    headers: { authorization: `SSWS ${okta.token}`, accept: 'application/json' },
  });
  stage.pass(3 * DAY_MS);

  expect(await stage.remind('it')).toMatchObject({ exitCode: 0 });

  expect(remindersOf(stage, 1)).toEqual([1]);
});

it.each([
  ['STAGED', '--no-activate', ''],
  ['SUSPENDED', '', 'suspend'],
  ['DEPROVISIONED', '', 'deactivate'],
])('sends nothing to a user who is %s', async (status, flag, operation) => {
  const stage = await scene();
  stage.at.file('people.csv', peopleCsv(1));
  await stage.run(['import', 'people.csv', '--run-id=it', '--quiet', ...(flag === '' ? [] : [flag])]);
  const { okta } = stage;
  if (operation === 'suspend') await signIn(stage, loginOf(1));
  const mailsBefore = okta.ledger.mails.length;
  if (operation !== '') {
    await fetch(`${okta.url}/api/v1/users/${loginOf(1)}/lifecycle/${operation}`, {
      method: 'POST',
      headers: { authorization: `SSWS ${okta.token}`, accept: 'application/json' },
    });
  }
  expect(okta.findUser(loginOf(1))?.status).toBe(status);
  stage.pass(30 * DAY_MS);

  expect(await stage.remind('it', '--after=0d')).toMatchObject({ exitCode: 0 });

  expect(okta.ledger.mails.length).toBe(mailsBefore);
});

it.each([
  [
    'staged people',
    ['--no-activate'],
    '2 people are staged and cannot be reminded: activate sends them the first email.',
  ],
  [
    'people with a password to change',
    ['--change-password'],
    '2 people have a password to change at the next sign-in and cannot be reminded: there is no link to send.',
  ],
])('says that %s cannot be reminded, and why', async (_, flags, reason) => {
  const stage = await scene();
  stage.at.file('people.csv', peopleCsv(2, { password: 'Pw-of-2026-x' }));
  await stage.run(['import', 'people.csv', '--run-id=it', '--quiet', ...flags]);

  const { stderr } = await stage.remind('it', '--dry-run');

  expect(stderr).toContain('0 of 2 people were invited and have not activated their accounts.');
  expect(stderr).toContain(reason);
});

it('--dry-run lists the people, and sends and remembers nothing', async () => {
  const stage = await invited(3, 1);
  stage.pass(4 * DAY_MS);

  const table = await stage.remind('it', '--dry-run');
  const { stdout } = await stage.remind('it', '--dry-run', '--json');

  expect(table.stdout).toMatch(
    /^LOGIN +NAME +STATUS +INVITED \(UTC\) +LAST REMINDER\np2@example\.com +Given 2 Family +PROVISIONED .* never\np3/,
  );
  const plan = JSON.parse(stdout) as ReminderPlan;
  expect(plan).toMatchObject({ cohort: 'run it', people: 3, mails: { mails: 2 }, waiting: [] });
  expect(plan.due.map(({ login }) => login)).toEqual([loginOf(2), loginOf(3)]);
  expect(remindersOf(stage, 3)).toEqual([0, 0, 0]);
  expect(stage.at.runIds()).toEqual(['it']);
  expect(existsSync(join(stage.at.run('it').path, 'first-day.jsonl'))).toBe(false);
});

it.each(['reset-after-commit', '504-after-commit', 'reset-before-commit'] as const)(
  'a response that is lost (%s) costs the person no second email',
  async (then) => {
    const stage = await invited(3, 0, { faults: [{ on: 'reactivateUser', nth: 2, then }] });
    stage.pass(3 * DAY_MS);

    const first = await stage.remind('it', '--concurrency=1');
    const second = await stage.remind('it', '--concurrency=1');

    expect([first.exitCode, second.exitCode]).toEqual([1, 0]);
    expect(first.stderr).toContain(
      'Unknown outcome: the email may have been sent, so it is not sent again now.',
    );
    expect(Math.max(...remindersOf(stage, 3))).toBe(1);
    expect(remindersOf(stage, 3)).toEqual(then === 'reset-before-commit' ? [1, 0, 1] : [1, 1, 1]);
  },
);

it('an org that answers nothing costs few people their reminder', async () => {
  const stage = await invited(10, 0, { faults: [{ on: 'reactivateUser', then: 'status-504' }] });
  stage.pass(3 * DAY_MS);

  const stopped = await stage.remind('it', '--concurrency=1');
  stage.okta.clearFaults();
  const second = await stage.remind('it');

  expect([stopped.exitCode, second.exitCode]).toEqual([3, 0]);
  expect(stage.okta.ledger.requests({ operation: 'reactivateUser', status: 504 })).toBe(3);
  expect(remindersOf(stage, 10)).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
});

it('a reminder that Okta refuses can be sent by the next run', async () => {
  const stage = await invited(1, 0, {
    faults: [{ on: 'reactivateUser', then: 'okta-error', errorCode: 'E0000038', times: 3 }],
  });
  stage.pass(3 * DAY_MS);

  const refused = await stage.remind('it');
  const second = await stage.remind('it');

  expect([refused.exitCode, second.exitCode]).toEqual([1, 0]);
  expect(remindersOf(stage, 1)).toEqual([1]);
});

it('a person who signs in at the last moment is no failure', async () => {
  const stage = await invited(2, 0, { orgOptions: { searchLagMs: 60_000 } });
  stage.pass(3 * DAY_MS);
  // The search index does not know it yet.
  await signIn(stage, loginOf(1));

  expect(await stage.remind('it')).toMatchObject({ exitCode: 0 });

  expect(stage.at.run('it-remind').results.map(({ status, userStatus }) => [status, userStatus])).toEqual([
    ['unchanged', 'ACTIVE'],
    ['reminded', ''],
  ]);
  expect(remindersOf(stage, 2)).toEqual([0, 1]);
});

it('a process that is killed sends no one a second email', async () => {
  const stage = await scene({ latencyMs: 5 });
  const { okta, at, env, run } = stage;
  at.file('people.csv', peopleCsv(30));
  await run(['import', 'people.csv', '--run-id=it', '--quiet']);
  for (let kills = 0; kills < 6; kills += 1) {
    const before = okta.ledger.mails.length;
    const running = startCli(['remind', 'it', '--after=0d', '--concurrency=3'], { at, env });
    await until(() => running.process.exitCode !== null || okta.ledger.mails.length >= before + 3);
    running.process.kill('SIGKILL');
    await once(running.process, 'close');
    await delay(20);
  }

  expect(await stage.remind('it', '--after=0d')).toMatchObject({ exitCode: 0 });

  const reminders = remindersOf(stage, 30);
  expect(Math.max(...reminders)).toBe(1);
  // A person whose request was recorded and not sent has to wait for the next time.
  expect(reminders.filter((count) => count === 0).length).toBeLessThanOrEqual(6 * 3);
  stage.pass(3 * DAY_MS);
  await stage.remind('it');
  expect(remindersOf(stage, 30).every((count) => count >= 1)).toBe(true);
});

it('an entry that was torn by a crash counts as not sent, and a damaged one stops everything', async () => {
  const stage = await invited(1);
  stage.pass(3 * DAY_MS);
  const log = join(stage.at.run('it').path, 'first-day.jsonl');
  writeFileSync(log, '{"oktaId":"00u');
  expect(await stage.remind('it')).toMatchObject({ exitCode: 0 });
  expect(remindersOf(stage, 1)).toEqual([1]);
  expect(readFileSync(log, 'utf8')).toMatch(
    /^\{"oktaId":"00u\w+","action":"reminder","at":"[^"]+","startedAt":"[^"]+"\}\n$/,
  );

  appendFileSync(log, 'garbage\n');
  stage.pass(3 * DAY_MS);
  const refused = await stage.remind('it');

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('is damaged: line 2 cannot be read');
  expect(remindersOf(stage, 1)).toEqual([1]);
});

it('reminds the people of a data set, without those who have left the file', async () => {
  const stage = await scene();
  stage.at.file('people.csv', peopleCsv(7));
  await stage.run(['sync', 'people.csv', '--dataset=staff', '--run-id=first', '--quiet']);
  stage.at.file('people.csv', peopleCsv(6));
  stage.pass(DAY_MS);
  await stage.run(['sync', 'people.csv', '--dataset=staff', '--run-id=second', '--quiet']);
  stage.pass(3 * DAY_MS);

  const reminded = await stage.remind('--dataset=staff', '--json');
  await stage.remind('first');

  expect(JSON.parse(reminded.stdout)).toMatchObject({
    exitCode: 0,
    file: { name: 'data set staff' },
    counts: { reminded: 6 },
  });
  expect(remindersOf(stage, 7)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect(await stage.remind('--dataset=staff', '--after=0d')).toMatchObject({ exitCode: 0 });
  expect(Math.max(...remindersOf(stage, 7))).toBe(1);
});

it('counts the reminders in the metrics file', async () => {
  const stage = await invited(2);
  stage.pass(3 * DAY_MS);

  await stage.remind('it', '--metrics-file=metrics.prom');

  const metrics = readFileSync(join(stage.at.folder, 'metrics.prom'), 'utf8');
  expect(metrics).toContain('okta_csv_import_rows{status="reminded"} 2');
  expect(metrics).toContain('command="remind"');
});

it('keeps to --per-minute', async () => {
  const stage = await invited(3);
  stage.pass(3 * DAY_MS);
  const startMs = Date.now();

  const { stderr } = await stage.remind('it', '--per-minute=120');

  expect(Date.now() - startMs).toBeGreaterThanOrEqual(1000);
  expect(stderr).toContain('3 emails (3 to example.com), from now on, over about 1 s.');
});

it.each([
  ['yes', 0, 1],
  ['no', 2, 0],
])(
  'asks at a terminal before it sends more than twenty emails; the answer %s',
  async (typed, exitCode, each) => {
    const stage = await invited(21);
    stage.pass(3 * DAY_MS);

    const asked = await stage.run(['remind', 'it'], { typed: `${typed}\n` });

    expect(asked).toMatchObject({ exitCode });
    expect(asked.stderr).toContain('To be reminded: 21 emails (21 to example.com), from now on.');
    expect(asked.stderr).toContain('Send them? Type yes:');
    expect(new Set(remindersOf(stage, 21))).toEqual(new Set([each]));
  },
);

it('does not ask about twenty emails', async () => {
  const stage = await invited(20);
  stage.pass(3 * DAY_MS);

  const { exitCode, stderr } = await stage.run(['remind', 'it'], { typed: '' });

  expect({ exitCode }).toEqual({ exitCode: 0 });
  expect(stderr).not.toContain('Type yes');
});

it.each([
  [['remind'], 'Name the run (its ID or folder): okta-csv-import remind <run> (or --dataset <name>)'],
  [['remind', 'it', '--dataset=staff'], 'Give either "it" or --dataset, not both.'],
  [['remind', 'it', '--after=soon'], '--after takes a time such as 3d, 12h or 30m.'],
  [['remind', '--dataset=none'], 'There is no data set "none"'],
  [['remind', 'nothing'], 'The run "nothing" does not exist'],
])('%j is refused', async (args, message) => {
  const stage = await invited(1);

  const refused = await stage.run(args);

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain(message);
});

it.each([[1], [2], [4]])(
  'people whom the admin may not manage fail alone, such as the one asked for %dth',
  async (nth) => {
    const stage = await invited(4, 0, {
      faults: [{ on: 'reactivateUser', nth, then: 'okta-error', errorCode: 'E0000006' }],
    });
    stage.pass(3 * DAY_MS);

    const result = await stage.remind('it', '--concurrency=1');

    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('4 users, 3 reminded, 1 failed.');
    expect(result.stderr).not.toContain('Unknown outcome');
    expect(remindersOf(stage, 4).filter((mails) => mails === 1)).toHaveLength(3);
  },
);

it('a run that was undone has no one to remind', async () => {
  const stage = await invited(1);
  await stage.run(['undo', 'it', '--yes', '--quiet']);

  const refused = await stage.remind('it');

  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('was undone');
});

it('the reports of reminders are listed and can be made again', async () => {
  const stage = await invited(1);
  stage.pass(3 * DAY_MS);
  await stage.remind('it');

  const { stdout } = await stage.run(['runs', '--json']);
  const runs = JSON.parse(stdout) as { runId: string; command: string; next: unknown[] }[];
  expect(runs.map(({ runId, command, next }) => [runId, command, next.length])).toContainEqual([
    'it-remind',
    'remind',
    0,
  ]);
  expect(await stage.run(['report', 'it-remind'])).toMatchObject({ exitCode: 0 });
});
