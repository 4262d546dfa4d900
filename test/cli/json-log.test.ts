import { expect, it } from 'vitest';

import { jsonLogTo } from '../../src/cli/json-log.js';

it('a log line escapes what a terminal would obey, and is the same JSON', () => {
  const lines: string[] = [];
  const log = jsonLogTo({ write: (line) => lines.push(line) });
  const controls = '\u001b\u007f\u0080\u009b\u009f\u061c\u200e\u200f\u2028\u202a\u202e\u2066\u2069';
  log.write('warn', 'warning', { [controls]: [controls] }, `Zo\u00eb ${controls} \u200d \ud83d\ude00`);
  const [line = ''] = lines;

  for (const control of controls) expect(line).not.toContain(control);
  expect(line).toContain('Zo\u00eb');
  expect(JSON.parse(line)).toMatchObject({
    [controls]: [controls],
    msg: `Zo\u00eb ${controls} \u200d \ud83d\ude00`,
  });
});
