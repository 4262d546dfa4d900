import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';

import { createDecoder } from '../../src/csv/code-pages.js';
import { detectEncoding } from '../../src/csv/detect-encoding.js';
import { LANGUAGES } from '../../src/csv/common-names.js';
import { inChunks, readAll } from './read.js';

/** Names that the detection has not learned from. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  Turkish: ['Gülşah Karadağlı', 'Sıddık Öztunç', 'İlknur Bağdatlı', 'Çiğdemnur Işıkçı'],
  Polish: ['Żelisława Grzędzińska', 'Łucjan Wąsowicz', 'Świętopełk Brzęczyszczykiewicz'],
  Czech: ['Bořivoj Křížek', 'Květoslava Zelenková', 'Řehoř Třeštík'],
  Hungarian: ['Bendegúz Őszi', 'Gyöngyvér Szőlősi', 'Fűzfa Csűrös'],
  Croatian: ['Božica Kranjčević', 'Đurđica Šimunović', 'Vjekoslav Lončarić'],
  Romanian: ['Ştefăniţă Cârstea', 'Luminiţa Bărbulescu', 'Iuliană Ţîrlea'],
  Greek: ['Ευστάθιος Παπαγιαννόπουλος', 'Χαρίκλεια Τσουκαλά', 'Άγις Ζέρβας'],
  Russian: ['Аркадий Пшеничников', 'Лидия Шмелёва', 'Эмма Юдина'],
  Ukrainian: ['Святослав Їжак', 'Жанна Ґонтар', 'Мирослава Цісик'],
  Swedish: ['Torbjörn Åkerström', 'Gunnel Hällgren', 'Kåre Öst'],
  Danish: ['Anders Bækgaard', 'Frøkjær Åbenrå', 'Mogens Stæhr'],
  Finnish: ['Tuukka Häyrinen', 'Väinämö Sääskilahti', 'Pentti Pöysti'],
  German: ['Klaus Schlüter', 'Käte Großmann', 'Jörn Höppner'],
  French: ['Clémence Fléchard', 'François-Noël Gagné', 'Hélène Bîrouste'],
  Spanish: ['Agustín Castañón', 'Nuria Ibáñez', 'Raúl Peñaranda'],
  Portuguese: ['Cristóvão Barcelos', 'Inês Leitão', 'Graça Simão'],
  Italian: ['Salvatore Sindacò', 'Nicolò Bevilacqua', 'Cosimo Ficarrà'],
  Latvian: ['Ģederts Ķirsons', 'Ņina Bērziņa', 'Žubīte Šneidere'],
  Icelandic: ['Guðrún Þorsteinsdóttir', 'Björn Ægisson', 'Sigríður Óladóttir'],
  Hebrew: ['אלישבע טננבוים', 'גלעד זילברשטיין', 'חגית סופר'],
  Arabic: ['شهاب القرشي', 'نجلاء الهاشمي', 'غادة التميمي'],
  Vietnamese: ['Nghiêm Thị Lụa', 'Lưu Đình Quyết', 'Cao Bích Ngà', 'Đoàn Thùy Dương'],
  Lithuanian: ['Žydrūnas Ąžuolis', 'Giedrė Čepulienė', 'Šarūnė Kėdainytė'],
};

const FILES: readonly (readonly [language: string, encoding: string])[] = [
  ['Turkish', 'windows-1254'],
  ...['Polish', 'Czech', 'Hungarian', 'Croatian', 'Romanian'].map(
    (language) => [language, 'windows-1250'] as const,
  ),
  ...['Polish', 'Czech', 'Hungarian'].map((language) => [language, 'iso-8859-2'] as const),
  ['Greek', 'windows-1253'],
  ['Greek', 'iso-8859-7'],
  ...['windows-1251', 'koi8-r', 'iso-8859-5', 'cp866'].map((encoding) => ['Russian', encoding] as const),
  ['Ukrainian', 'windows-1251'],
  ...['Swedish', 'Danish', 'Finnish', 'German', 'French', 'Spanish', 'Portuguese', 'Italian'].flatMap(
    (language) => ['windows-1252', 'macintosh'].map((encoding) => [language, encoding] as const),
  ),
  ...['Swedish', 'Danish', 'Finnish', 'German', 'French', 'Spanish', 'Portuguese', 'Italian'].map(
    (language) => [language, 'cp850'] as const,
  ),
  ...['Polish', 'Czech', 'Hungarian', 'Croatian'].map((language) => [language, 'cp852'] as const),
  ['Turkish', 'cp857'],
  ['Latvian', 'windows-1257'],
  ['Lithuanian', 'windows-1257'],
  ...['Polish', 'Czech', 'Hungarian', 'Latvian'].map((language) => [language, 'maccenteuro'] as const),
  ['Croatian', 'maccroatian'],
  ['Icelandic', 'maciceland'],
  ['Turkish', 'macturkish'],
  ['Greek', 'macgreek'],
  ['Greek', 'cp737'],
  ['Latvian', 'cp775'],
  ['Hebrew', 'windows-1255'],
  ['Hebrew', 'cp862'],
  ['Arabic', 'windows-1256'],
  ['Arabic', 'iso-8859-6'],
  ['Vietnamese', 'windows-1258'],
];

function fileOf(names: readonly string[], encoding: string): Buffer {
  const rows = names.map((name, index) => `p${index}@example.com,${name.replace(' ', ',')}\n`);
  const text = `login,firstName,lastName\nann@example.com,Ann,Lee\n${rows.join('')}bo@example.com,Bo,Ray\n`;
  return iconv.encode(encoding === 'windows-1258' ? withTones(text) : text, encoding);
}

/** As in windows-1258, where the tone mark follows its letter. */
function withTones(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/([\u0300\u0301\u0303\u0309\u0323])([\u0302\u0306\u031b])/g, '$2$1')
    .replaceAll(/[a-z][\u0302\u0306\u031b]/gi, (letter) => letter.normalize('NFC'));
}

describe('a small file', () => {
  it.each(FILES)('with names in %s is read in its encoding, %s', async (language, encoding) => {
    const names = NAMES[language] ?? [];
    for (const some of [names, names.slice(0, 2), names.slice(1)]) {
      const { rows } = await readAll(inChunks(fileOf(some, encoding)));

      const read = rows.map(({ cells }) => cells.slice(1).join(' ').normalize('NFC'));
      expect(read).toEqual(['Ann Lee', ...some, 'Bo Ray']);
    }
  });

  // A single Arabic name in iso-8859-6 may also be two Chinese words.
  it.each(FILES.filter(([, encoding]) => encoding !== 'iso-8859-6'))(
    'with one name in %s is read in its encoding, %s, or that is shown as the other',
    async (language, encoding) => {
      for (const name of NAMES[language] ?? []) {
        const { rows, notices } = await readAll(inChunks(fileOf([name], encoding)));

        const read = rows[1]?.cells.slice(1).join(' ').normalize('NFC');
        const isShown = notices.some((notice) =>
          name.split(' ').some((part) => notice.includes(`"${part}" in `)),
        );
        expect([name, read === name || isShown]).toEqual([name, true]);
      }
    },
  );

  it('is one that the detection has not learned from', () => {
    const learned = new Set(LANGUAGES.flatMap(({ words }) => words.split(' ')));
    const words = Object.values(NAMES).flatMap((names) => names.flatMap((name) => name.split(' ')));

    expect(words.filter((word) => learned.has(word)).length).toBeLessThan(words.length / 10);
  });
});

describe('a file whose only characters outside ASCII are punctuation', () => {
  it.each([
    ['Siobhan O’Brien'],
    ['Awa M’Baye'],
    ['“Annie” Lee'],
    ['Köln – Bonn'],
    ['25 °C'],
    ['5 € – “off”'],
    ['Lee – Ray'],
  ])('is read unchanged: %s', async (name) => {
    const { rows, table } = await readAll(inChunks(fileOf([name], 'windows-1252')));

    expect([table?.encoding, rows[1]?.cells.slice(1).join(' ')]).toEqual(['windows-1252', name]);
  });
});

describe('a file in an encoding that is not detected', () => {
  it.each([
    ['Vietnamese', 'viscii', ['Nguyễn Thị Hương', 'Trần Văn Dũng', 'Lê Đình Phước', 'Phạm Quỳnh Anh']],
    ['Vietnamese', 'tcvn', ['Nguyễn Thị Hương', 'Trần Văn Dũng', 'Lê Đình Phước', 'Phạm Quỳnh Anh']],
    ['Russian', 'cp855', NAMES['Russian']!],
    ['Greek', 'cp869', NAMES['Greek']!],
    ['Polish', 'windows-1257', NAMES['Polish']!],
  ])('is read with a warning: %s in %s', async (_, encoding, names) => {
    const { notices } = await readAll(inChunks(fileOf(names, encoding)));

    expect(notices).toEqual([expect.stringContaining('it is not certain which encoding it has')]);
    expect(notices[0]).toContain('save the file as UTF-8 or set its encoding');
  });
});

describe('two close readings', () => {
  const close = iconv.encode(
    'login,firstName,password\nann@example.com,Ann,x\np@example.com,Kad\xfdr,\xfdx\n',
    'latin1',
  );

  it('are shown with a name in each, and the flag to choose the other', async () => {
    const { table, notices } = await readAll(inChunks(close));

    expect(notices).toEqual([expect.stringContaining('not certain which encoding')]);
    const [notice = ''] = notices;
    const [, rival = ''] = /set --encoding ([\w-]+);/.exec(notice) ?? [];
    expect(notice).toContain(`on line 3 is "Kad`);
    expect([table?.encoding ?? '', rival].toSorted()).toEqual(['windows-1252', 'windows-1254']);
    expect(notice).toContain('"Kadır"');
    expect(notice).toContain('"Kadýr"');
    const { rows } = await readAll(inChunks(close), { encoding: 'windows-1254' });
    expect(rows[1]?.cells[1]).toBe('Kadır');
  });

  it('show no cell of a column that may hold a secret', async () => {
    const file = iconv.encode(
      'login,password\nann@example.com,x\np@example.com,Kad\xfdr\nq@example.com,\xfdx\n',
      'latin1',
    );

    const { notices } = await readAll(inChunks(file));

    expect(notices).toEqual([expect.stringContaining('not certain which encoding')]);
    expect(notices[0]).not.toContain('Kad');
  });

  it('are not looked for again in a second reading', async () => {
    const found = { encoding: 'windows-1254', guessedOnLine: 3, delimiter: ',', headerLine: 1, notices: [] };

    const { rows, notices } = await readAll(inChunks(close), { found });

    expect(rows[1]?.cells[1]).toBe('Kadır');
    expect(notices.join()).not.toContain('not certain');
  });
});

describe('control characters', () => {
  it('are in no guess, whatever the bytes', async () => {
    const line = fc
      .uint8Array({ minLength: 1, maxLength: 12 })
      .map((bytes) => bytes.map((byte) => byte | 0x80));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 5 }), async (lines) => {
        const sample = Buffer.concat(
          lines.flatMap((bytes) => [Buffer.from('Ann,'), bytes, Buffer.from('\n')]),
        );

        const { encoding } = await detectEncoding(sample);

        expect(createDecoder(encoding).decode(sample, { stream: true })).not.toMatch(/[\u0080-\u009f]/);
      }),
      { numRuns: 200 },
    );
  });

  it('make a line malformed where the guess turns out to be wrong', async () => {
    const before = iconv.encode(`login,firstName\n${'zoe@example.com,Zoë\n'.repeat(5000)}`, 'windows-1252');
    const file = Buffer.concat([
      before,
      Buffer.from('x@example.com,A\x8dn\nann@example.com,Ann\n', 'latin1'),
    ]);

    const { rows, error } = await readAll(inChunks(file));

    expect(error).toBeUndefined();
    expect(rows.slice(-2)).toMatchObject([
      {
        cells: ['x@example.com', 'A\ufffdn'],
        malformed: {
          message: expect.stringContaining(
            `Line 5002 is not valid windows-1252 at byte ${before.length + 15} `,
          ),
        },
      },
      { cells: ['ann@example.com', 'Ann'] },
    ]);
  });
});
