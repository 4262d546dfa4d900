import { expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../../src/sandbox/server.js';
import { orgSettings } from '../../helpers/cli.js';
import { ECHOES, echoingOrg, type EchoName } from '../../helpers/echoing-org.js';
import { fastClock } from '../../helpers/fast-clock.js';
import { cli } from '../../helpers/in-process-cli.js';
import { peopleCsv } from '../../helpers/people.js';
import { workplace } from '../../helpers/workplace.js';

const MAPPING = `profile: { login: login, email: email, firstName: firstName, lastName: lastName }
password: { generate: 16 }
`;

it.each(Object.keys(ECHOES) as EchoName[])(
  'a generated password that a gateway repeats in %s is printed and written nowhere',
  async (echo) => {
    const clock = fastClock(200);
    const okta = await startSandbox({
      seed: { users: [] },
      rateLimits: { limits: 1_000_000 },
      now: () => clock.now(),
    });
    onTestFinished(() => okta.close());
    const org = await echoingOrg(echo, okta);
    const at = workplace();
    at.file('people.csv', peopleCsv(8));
    at.file('mapping.yaml', MAPPING);
    const env = { ...orgSettings(okta), OKTA_CLIENT_ORGURL: org.url };
    const run = (...args: string[]) =>
      cli([...args, '--verbose', '--log-file=log.ndjson', '--json', '--give-up-after=30'], {
        at,
        env,
        clock,
      });

    const results = [
      await run('import', 'people.csv', '--mapping=mapping.yaml', '--links=links.csv', '--run-id=it'),
      await run('resume', 'it'),
      await run('report', 'it'),
    ];

    const passwords = [...org.repeated].filter((word) => word !== okta.token);
    expect(passwords.length).toBeGreaterThan(0);
    const everything = [
      at.everyFileExcept('links.csv'),
      ...results.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    ].join('\n');
    expect(passwords.filter((password) => everything.includes(password))).toEqual([]);
  },
);
