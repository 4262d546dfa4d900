import { expect, it } from 'vitest';

import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

it.each([
  [{ FORCE_COLOR: '1' }, true],
  [{ FORCE_COLOR: '0' }, false],
  [{}, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true],
])('without a terminal, %j uses colors: %s', async (env, colors) => {
  const at = workplace();
  const file = at.file('people.csv', peopleCsv(3));
  const { stderr } = await cli(['import', file, '--sandbox'], { at, env });

  expect(stderr.includes('\u001b[32m3 created')).toBe(colors);
  expect(stderr).toContain('3 rows');
});
