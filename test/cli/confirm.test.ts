import { describe, expect, it, onTestFinished } from 'vitest';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

async function scene() {
  const okta = await startSandbox();
  onTestFinished(() => okta.close());
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(7));
  const env = orgSettings(okta);
  return { okta, at, file, env };
}

describe('before an import at a terminal', () => {
  const QUESTION = 'Continue? Type yes:';

  it.each([
    ['no', 'no\n'],
    ['half a yes', 'y\n'],
    ['an empty line', '\n'],
    ['the end of the input', ''],
  ])('sends nothing after %s, and leaves no run behind', async (_, typed) => {
    const { okta, file, ...place } = await scene();
    const { exitCode, stderr } = await cli(['import', file], { ...place, typed });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('Nothing was changed, because the answer was not yes.');
    expect(okta.ledger.created).toEqual([]);
    expect(place.at.everyFileExcept('people.csv')).not.toContain('journal');
  });

  it('asks again after a dry run, and after an earlier import of the same file', async () => {
    const { okta, file, ...place } = await scene();
    await cli(['validate', file, '--org'], place);
    await cli(['import', file, '--only=1'], place);
    const { exitCode, stderr } = await cli(['import', file, '--only=2-7'], { ...place, typed: 'yes\n' });

    expect(exitCode).toBe(0);
    expect(stderr).toContain(QUESTION);
    expect(okta.ledger.created).toHaveLength(7);
  });

  it('suggests the dry run with the flags of the import', async () => {
    const { file, ...place } = await scene();
    const args = ['import', file, '--no-activate', '--if-exists=update'];
    const { stderr } = await cli(args, { ...place, typed: 'no\n' });

    expect(stderr).toMatch(
      /okta-csv-import validate \S*people\.csv --no-activate --if-exists update --org$/m,
    );
  });

  it.each([['--yes'], ['--log-format=json'], ['--sandbox']])('does not ask with %s', async (flag) => {
    const { file, ...place } = await scene();
    const { exitCode, stderr } = await cli(['import', file, flag], { ...place, typed: 'no\n' });

    expect(exitCode).toBe(0);
    expect(stderr).not.toContain(QUESTION);
  });

  it('does not ask without a terminal', async () => {
    const { okta, file, ...place } = await scene();
    const { exitCode, stderr } = await cli(['import', file], place);

    expect(exitCode).toBe(0);
    expect(stderr).not.toContain(QUESTION);
    expect(okta.ledger.created).toHaveLength(7);
  });
});

it('undoes a run only after the whole word yes', async () => {
  const { okta, file, ...place } = await scene();
  await cli(['import', file, '--run-id=it', '--quiet'], place);
  const undo = (typed: string) => cli(['undo', 'it'], { ...place, typed });

  for (const typed of ['y\n', 'no\n', '\n']) {
    const { exitCode, stderr } = await undo(typed);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Undo the run? Type yes:');
    expect(stderr).toContain('Nothing was changed, because the answer was not yes.');
  }
  expect(okta.users()).toHaveLength(7);
  expect(await undo(' YES \n')).toMatchObject({ exitCode: 0 });
  expect(okta.users()).toEqual([]);
});
