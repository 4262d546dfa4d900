import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileDateFormat } from '../../src/mapping/date-format.js';
import { parseMappingFile } from '../../src/mapping/mapping-file.js';
import { mapped } from './build.js';

describe('a date format', () => {
  it.each([
    ['dd/MM/yyyy', '28/02/2026', '2026-02-28'],
    ['d.M.yyyy', '1.2.2026', '2026-02-01'],
    ['MM-dd-yy', '02-28-69', '2069-02-28'],
    ['MM-dd-yy', '02-28-70', '1970-02-28'],
    ['yyyyMMdd', '20240229', '2024-02-29'],
    ['yyyy-MM-ddTHH:mm:ss', '2026-01-31T09:05:07', '2026-01-31T09:05:07'],
    ['dd/MM/yyyy HH:mm', '31/01/2026 09:05', '2026-01-31T09:05:00'],
    ['dd/MM/yyyy', '29/02/2026', undefined],
    ['dd/MM/yyyy', '31/04/2026', undefined],
    ['dd/MM/yyyy', '00/01/2026', undefined],
    ['dd/MM/yyyy', '1/2/2026', undefined],
    ['dd/MM/yyyy', '28/02/2026 ', undefined],
    ['dd.MM.yyyy', '28/02/2026', undefined],
    ['dd/MM/yyyy HH:mm', '31/01/2026 24:00', undefined],
  ])('%s reads %s as %s', (format, text, iso) => {
    const parsed = compileDateFormat(format)?.(text);
    expect(parsed && [parsed.date, parsed.time].filter(Boolean).join('T')).toBe(iso);
  });

  it.each(['dd/MM', 'dd/mmm/yyyy', 'DD/MM/YYYY', 'dd/MM/yyyy yyyy', 'yy yyyy-MM-dd', ''])(
    'cannot be %j',
    (format) => {
      expect(compileDateFormat(format)).toBeUndefined();
    },
  );

  it('reads every day', () => {
    const parse = compileDateFormat('yyyy-MM-dd');
    const days = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, (day) => {
        const iso = day.toISOString().slice(0, 10);
        expect(parse?.(iso)?.date).toBe(iso);
      }),
    );
  });
});

describe('a date column', () => {
  const text =
    'profile:\n  login: Mail\n  startDate: { column: Start, date: dd/MM/yyyy }\n  hiredAt: { column: Hired, date: dd/MM/yyyy }\n';
  const mappingFile = parseMappingFile(text, 'people.yaml');

  it('becomes an ISO date, or an instant for a date-time attribute', () => {
    const { request } = mapped(
      { Mail: 'ada@example.com', Start: '10/12/2015', Hired: '01/12/2015' },
      { mappingFile },
    );
    expect(request.profile).toMatchObject({ startDate: '2015-12-10', hiredAt: '2015-12-01T00:00:00Z' });
  });

  it('has a problem for text in another format', () => {
    const { problems } = mapped({ Mail: 'ada@example.com', Start: '12/31/2015', Hired: '' }, { mappingFile });
    expect(problems).toEqual([
      {
        code: 'not-a-date',
        column: 'Start',
        message: 'startDate must be a date in the format dd/MM/yyyy, not "12/31/2015".',
      },
    ]);
  });
});
