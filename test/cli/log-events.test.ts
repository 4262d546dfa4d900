import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { EVENTS } from '../../src/cli/log-events.js';

it('docs/logs.md lists exactly the events, with their levels and fields', () => {
  const page = readFileSync('docs/logs.md', 'utf8');
  const listed = page
    .slice(page.indexOf('## Events'))
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [, event = '', level = '', fields = ''] = line.split('|').map((cell) => cell.trim());
      return [
        event.replaceAll('`', ''),
        { level, fields: fields.replaceAll('`', '').split(' ').filter(Boolean) },
      ];
    });

  expect(Object.fromEntries(listed)).toEqual(EVENTS);
});
