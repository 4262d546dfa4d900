import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';

import pLimit from 'p-limit';
import { describe, expect, it, onTestFinished } from 'vitest';

import { runCommandLine } from '../../src/cli/command-line.js';
import type { Fault, FaultAction } from '../../src/sandbox/faults.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { createAuthority } from '../helpers/authority.js';
import { cli, orgSettings, startCli } from '../helpers/cli.js';
import { commandsIn } from '../helpers/commands.js';
import { connectProxy } from '../helpers/connect-proxy.js';
import { commandContext } from '../helpers/command-context.js';
import { ECHOES, echoingOrg, type EchoName, type EchoingOrg } from '../helpers/echoing-org.js';
import { fastClock } from '../helpers/fast-clock.js';
import { tlsOrg } from '../helpers/tls-org.js';
import { workplace, type Workplace } from '../helpers/workplace.js';
import { CLIENT_ID, testApp } from '../okta/auth/apps.js';

/** Secrets that only the file may contain. None is a word that could appear for another reason. */
const SECRETS_OF_PEOPLE = [
  'Pl4in-Passw0rd-Marker',
  'Sh0rt-Row-Passw0rd-Marker',
  'L0ng-Row-Passw0rd-Marker',
  'Invalid-Row-Passw0rd-Marker',
  'Answer-Marker-Of-Ada',
  // Value and salt of a bcrypt hash.
  'rwh3vH166HCH/NT9XV5FYu2qaMqvxYE',
  'abcdefghijklmnopqrstuv',
];

const [PLAIN, SHORT, LONG, INVALID, ANSWER, HASH, SALT] = SECRETS_OF_PEOPLE;
const HEADER =
  'login,email,firstName,lastName,password,recoveryQuestion,recoveryAnswer,credentials.password.hash.algorithm,credentials.password.hash.workFactor,credentials.password.hash.salt,credentials.password.hash.value';
const PEOPLE = [
  HEADER,
  `a@example.com,a@example.com,Ada,Example,${PLAIN},,,,,,`,
  `b@example.com,b@example.com,Ben,Example,${PLAIN},Which colour?,${ANSWER},,,,`,
  `c@example.com,c@example.com,Cleo,Example,,,,BCRYPT,10,${SALT},${HASH}`,
  // Invalid rows, whose cells are written to failed.csv: no last name, too few cells, too many.
  `d@example.com,d@example.com,Dan,,${INVALID},Which colour?,${ANSWER},,,,`,
  `e@example.com,e@example.com,Eve,Example,${SHORT}`,
  `f@example.com,f@example.com,Finn,Example,x,${LONG},${ANSWER},,,,,${LONG}`,
  // The email of row 1: Okta rejects it.
  `g@example.com,a@example.com,Gus,Example,${PLAIN},,,,,,`,
  ...Array.from({ length: 12 }, (_, i) => `p${i}@example.com,p${i}@example.com,P${i},Example,${PLAIN},,,,,,`),
].join('\n');

/** One fault of every kind of the sandbox; a missing kind is a compile error. */
const FAULTS: { readonly [Then in FaultAction['then']]: Fault } = {
  'status-500': { on: 'any', every: 4, then: 'status-500' },
  'status-502': { on: 'any', every: 4, then: 'status-502' },
  'status-503': { on: 'any', every: 4, then: 'status-503' },
  'status-504': { on: 'any', every: 4, then: 'status-504' },
  'read-only': { on: 'write', nth: 3, times: 1, then: 'read-only' },
  'reset-before-commit': { on: 'any', every: 4, then: 'reset-before-commit' },
  '429-no-headers': { on: 'any', nth: 5, then: '429-no-headers' },
  '429-reset-in-past': { on: 'any', every: 5, then: '429-reset-in-past' },
  '429-concurrency': { on: 'any', every: 5, then: '429-concurrency' },
  '429-bucket-used-up': { on: 'createUser', nth: 3, then: '429-bucket-used-up' },
  'revoke-token': { on: 'createUser', nth: 6, then: 'revoke-token' },
  'okta-error': {
    on: 'createUser',
    login: 'b@example.com',
    then: 'okta-error',
    errorCode: 'E0000001',
    // An org that repeats what it was sent.
    causes: [`password: ${PLAIN} was used before`, `answer: ${ANSWER} is too short`],
  },
  'not-found': { on: 'getUser', every: 3, then: 'not-found' },
  'deactivate-owner': { on: 'createUser', nth: 6, then: 'deactivate-owner' },
  'invalid-dpop-proof': { on: 'any', nth: 9, then: 'invalid-dpop-proof' },
  'insufficient-scope': { on: 'listGroups', then: 'insufficient-scope', scope: 'okta.groups.read' },
  'html-body': { on: 'any', every: 4, times: 6, then: 'html-body', status: 502 },
  'reset-after-commit': { on: 'any', every: 4, then: 'reset-after-commit' },
  '500-after-commit': { on: 'any', every: 4, then: '500-after-commit' },
  '502-after-commit': { on: 'any', every: 4, then: '502-after-commit' },
  '504-after-commit': { on: 'any', every: 4, then: '504-after-commit' },
  'slow-before-commit': { on: 'any', every: 6, then: 'slow-before-commit', delayMs: 20 },
  'slow-after-commit': { on: 'any', every: 6, then: 'slow-after-commit', delayMs: 20 },
  'truncated-body': { on: 'any', every: 4, then: 'truncated-body' },
  'half-json-body': { on: 'any', every: 4, then: 'half-json-body' },
  'empty-body': { on: 'any', every: 4, then: 'empty-body' },
  'html-body-after-commit': { on: 'any', every: 4, then: 'html-body-after-commit' },
  'credentials-refused': {
    on: 'createUser',
    login: 'b@example.com',
    then: 'credentials-refused',
    cause: `answer: ${ANSWER} is too short`,
  },
  'java-error-text': { on: 'write', then: 'java-error-text' },
  'okta-error-after-commit': {
    on: 'write',
    every: 4,
    then: 'okta-error-after-commit',
    errorCode: 'E0000047',
  },
  'sent-twice': { on: 'write', every: 2, then: 'sent-twice' },
  'commit-later': { on: 'write', every: 4, then: 'commit-later', delayMs: 20 },
  'duplicate-reset-header': { on: 'any', every: 2, then: 'duplicate-reset-header' },
};

/** The commands in a useful order; those of one step run at the same time. */
const STEPS: readonly (readonly (readonly string[])[])[] = [
  [['import', 'people.csv', '--run-id', 'run', '--no-activate']],
  [
    ['validate', 'people.csv', '--org', '--run-id', 'plan'],
    ['mapping', 'people.csv', '--org'],
    ['verify', 'run'],
    ['get', 'a@example.com'],
    ['list', '--format', 'json'],
    ['whoami'],
    ['template', '--org'],
    ['report', 'run'],
    ['runs', '--json'],
    ['status', 'run'],
  ],
  [['import', 'people.csv', '--run-id', 'again', '--if-exists', 'update', '--json']],
  [['resume', 'run', '--json']],
  [['sync', 'people.csv', '--dataset', 'staff', '--adopt-existing', '--run-id', 'night', '--yes']],
  [['datasets']],
  [['activate', 'run', '--yes']],
  [['remind', 'run', '--yes']],
  [['undo', 'run', '--yes']],
];
/** Prints the token of a sandbox on purpose; uses no org and no file; serves a page, which `test/page` asks for secrets. */
const WITHOUT = new Set(['sandbox', 'completion', 'ui']);

describe('no secret of a user or of the org is printed or written', { timeout: 900_000 }, () => {
  it('by any command, whatever the org responds with', async () => {
    // They mostly wait.
    const sideBySide = pLimit(6);
    const found = await Promise.all(
      Object.values(FAULTS).map((fault, index) =>
        sideBySide(async () => {
          const bench = index % 2 === 0 ? await behindProxy(fault) : await withKey(fault);
          const said = await runEverything(bench);
          const everything = said + bench.at.everyFileExcept('people.csv', 'key.pem', 'root.pem');
          return {
            fault: fault.then,
            leaked: bench.secrets.filter((secret) => everything.includes(secret)),
            // Whatever begins a JSON Web Token: assertions, proofs, access tokens.
            tokens: everything.match(/eyJ[\w-]{10,}\.eyJ|sandbox\.access/g) ?? [],
            // The faults were met, and there was something to leak.
            isTried: bench.requests() > 5 && said.length > 1000,
          };
        }),
      ),
    );

    expect(found).toEqual(
      Object.keys(FAULTS).map((fault) => ({ fault, leaked: [], tokens: [], isTried: true })),
    );
  });

  it('by any command, wherever a gateway repeats what it was sent', async () => {
    // They mostly wait.
    const sideBySide = pLimit(12);
    const found = await Promise.all(
      (Object.keys(ECHOES) as EchoName[]).flatMap((echo) =>
        (WITH_KEY.includes(echo) ? [behindEcho, withKeyBehindEcho] : [behindEcho]).map((prepare) =>
          sideBySide(async () => {
            const { bench, org } = await prepare(echo);
            const said = await runEverything(bench);
            const everything = said + bench.at.everyFileExcept('people.csv', 'key.pem');
            const secrets = [...bench.secrets, ...org.repeated];
            return {
              echo,
              leaked: secrets.filter((secret) => secret.length > 1 && everything.includes(secret)),
              isTried: org.echoes() > 5 && said.length > 1000,
            };
          }),
        ),
      ),
    );

    expect(found.filter(({ leaked, isTried }) => leaked.length > 0 || !isTried)).toEqual([]);
  });

  it('in what the system shows about a process', async () => {
    const { at, env, secrets } = await behindProxy({ on: 'any', then: 'slow-before-commit', delayMs: 300 });
    const { process: child, finished } = startCli(['list', ...(await flagsOf('list', at))], { at, env });
    const seen = readFileSync(`/proc/${child.pid}/cmdline`, 'latin1');
    await finished;

    expect(seen).toContain('list');
    expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
  });

  it('and every command is tested', async () => {
    const { stdout } = await cli(['--help'], { at: workplace() });
    const declared = commandsIn(stdout);
    const tried = new Set(STEPS.flat().map(([name]) => name));

    expect(declared.length).toBeGreaterThan(8);
    expect(declared.filter((name) => !tried.has(name) && !WITHOUT.has(name))).toEqual([]);
  });
});

interface Bench {
  readonly at: Workplace;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** How many the org got. */
  requests(): number;
}

/** An API token, by TLS through a proxy with a password. */
async function behindProxy(fault: Fault): Promise<Bench> {
  const at = workplace();
  const token = `00Secret-${'T0ken'.repeat(6)}`;
  const okta = await startSandbox({ token, faults: [fault], rateLimits: LIMITS });
  onTestFinished(() => okta.close());
  const authority = await createAuthority('root');
  const org = await tlsOrg(okta.url, await authority.issue(['acme.okta.example']));
  const proxy = await connectProxy({ leadsTo: org.url, credentials: 'mole:Pr0xy-Marker' });
  at.file('people.csv', PEOPLE);
  return {
    at,
    env: {
      HOME: at.folder,
      ...orgSettings({ url: 'https://acme.okta.example', token }),
      OKTA_CLIENT_CUSTOMDOMAIN: 'acme.okta.example',
      HTTPS_PROXY: `http://mole:Pr0xy-Marker@${proxy.host}`,
      NODE_EXTRA_CA_CERTS: authority.file(at.folder),
    },
    secrets: [
      ...SECRETS_OF_PEOPLE,
      token,
      'Pr0xy-Marker',
      Buffer.from('mole:Pr0xy-Marker').toString('base64'),
    ],
    requests: () => org.requests.length,
  };
}

/** An app's key, with proofs of possession. */
async function withKey(fault: Fault | undefined): Promise<Bench> {
  const at = workplace();
  const { seed, pem, key } = testApp({
    dpop: true,
    scopes: ['okta.users.manage', 'okta.groups.manage', 'okta.schemas.read', 'okta.userTypes.read'],
  });
  const okta = await startSandbox({
    serviceApps: [seed],
    faults: fault === undefined ? [] : [fault],
    rateLimits: LIMITS,
  });
  onTestFinished(() => okta.close());
  at.file('people.csv', PEOPLE);
  at.file('key.pem', pem);
  const { d } = key.export({ format: 'jwk' });
  return {
    at,
    env: {
      HOME: at.folder,
      OKTA_CLIENT_ORGURL: okta.url,
      OKTA_CLIENT_AUTHORIZATIONMODE: 'PrivateKey',
      OKTA_CLIENT_CLIENTID: CLIENT_ID,
      OKTA_CLIENT_PRIVATEKEY: join(at.folder, 'key.pem'),
      OKTA_CLIENT_KEYID: 'one',
    },
    secrets: [
      ...SECRETS_OF_PEOPLE,
      String(d),
      ...pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-')),
    ],
    requests: () => okta.ledger.requests(),
  };
}

/** Most requests of an app that is not let in go to the token endpoint. */
const WITH_KEY: readonly EchoName[] = ['an OAuth error', 'a web page', 'Location'];

interface EchoBench {
  readonly bench: Bench;
  readonly org: EchoingOrg;
}

/** An API token, at an org that repeats what it was sent. */
async function behindEcho(echo: EchoName): Promise<EchoBench> {
  const at = workplace();
  const token = `00Secret-${'T0ken'.repeat(6)}`;
  const okta = await startSandbox({ token, rateLimits: LIMITS });
  onTestFinished(() => okta.close());
  const org = await echoingOrg(echo, okta);
  at.file('people.csv', PEOPLE);
  const env = { HOME: at.folder, ...orgSettings({ url: org.url, token }) };
  return { bench: { at, env, secrets: [...SECRETS_OF_PEOPLE, token], requests: () => org.echoes() }, org };
}

/** An app's key: the gateway also gets proofs and access tokens. */
async function withKeyBehindEcho(echo: EchoName): Promise<EchoBench> {
  const bench = await withKey(undefined);
  const org = await echoingOrg(echo, { url: bench.env['OKTA_CLIENT_ORGURL'] ?? '' });
  return { bench: { ...bench, env: { ...bench.env, OKTA_CLIENT_ORGURL: org.url } }, org };
}

/** Windows of a second, so that waits for a bucket are short. */
const LIMITS = { windowMs: 1000, limits: 100_000 };

/**
 * Runs all commands with all their output turned on. Inside this process, since there are hundreds of them.
 *
 * @returns their output, and everything in the errors that ended them.
 */
async function runEverything({ at, env }: Bench): Promise<string> {
  const said: string[] = [];
  const clock = fastClock();
  for (const step of STEPS) {
    await Promise.all(
      step.map(async ([command = '', ...args]) => {
        const inFolder = args.map((arg) => (arg === 'people.csv' ? join(at.folder, arg) : arg));
        const here = commandContext({ env, clock });
        const flags = await flagsOf(command, at);
        await runCommandLine([command, ...inFolder, ...flags], here).catch((error: unknown) =>
          said.push(inspect(error, { depth: 20, showHidden: true })),
        );
        said.push(here.printed.stdout, here.printed.stderr);
      }),
    );
  }
  return said.join('\n');
}

const helpOf = new Map<string, string>();

/** Short timeouts and all output, for the flags that the command has. */
async function flagsOf(command: string, { folder }: Workplace): Promise<readonly string[]> {
  const help = helpOf.get(command) ?? (await cli([command, '--help'], { at: workplace() })).stdout;
  helpOf.set(command, help);
  const wanted = [
    ['--verbose'],
    ['--log-file', join(folder, `${command}.log`)],
    ['--reports', join(folder, 'reports')],
    ['--request-timeout', '5'],
    ['--give-up-after', '3'],
  ];
  return wanted.flatMap(([flag = '', ...value]) =>
    new RegExp(`^ +${flag}\\b`, 'm').test(help) ? [flag, ...value] : [],
  );
}
