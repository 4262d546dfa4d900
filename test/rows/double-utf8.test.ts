import iconv from 'iconv-lite';
import { expect, it } from 'vitest';

import { repairDoubleUtf8 } from '../../src/rows/double-utf8.js';

const NAMES = [
  'José',
  'Núñez',
  'Málaga',
  'Belalcázar',
  'Medellín',
  'Kühn',
  'Größer',
  'Zoë',
  'Ünal',
  'Ølstad',
  'François',
  'Città di Castello',
  'Łukasz Wójcik',
  'Dvořák',
  'Šarūnas',
  'Ayşe Yılmaz',
  'Gökçe',
  'Иван Петров',
  'Ольга',
  'Γεωργίου',
  'O’Brien',
  'Anna–Maria',
];

it.each(['windows-1252', 'macintosh', 'cp850', 'cp437'])('repairs UTF-8 that was read as %s', (encoding) => {
  const read = NAMES.map((name) => ({ name, garbled: iconv.decode(Buffer.from(name), encoding) }));
  // A byte that is no character of the encoding is lost for good.
  const whole = read.filter(({ garbled }) => !garbled.includes('\ufffd'));

  expect(whole.length).toBeGreaterThan(15);
  expect(whole.map(({ garbled }) => repairDoubleUtf8(garbled))).toEqual(whole.map(({ name }) => name));
});

it.each(['windows-1250', 'windows-1251'])('repairs most UTF-8 that was read as %s', (encoding) => {
  const garbled = NAMES.map((name) => iconv.decode(Buffer.from(name), encoding)).filter(
    (text) => !text.includes('\ufffd'),
  );
  const repaired = garbled.filter((text) => NAMES.includes(repairDoubleUtf8(text) ?? ''));

  expect(repaired.length).toBeGreaterThan(0.8 * garbled.length);
});

it.each([
  [
    'twice too often',
    iconv.decode(Buffer.from(iconv.decode(Buffer.from('Kühn'), 'latin1')), 'latin1'),
    'Kühn',
  ],
  ['with its last no-break space trimmed', 'CittÃ', 'Città'],
  ['with a space in place of a no-break space', 'CittÃ di Castello', 'Città di Castello'],
  ['in a part of the text', 'JosÃ© Müller', 'José Müller'],
  ['as a mark of the byte order', 'ï»¿login', '\ufefflogin'],
])('repairs a text %s', (_, garbled, name) => {
  expect(repairDoubleUtf8(garbled)).toBe(name);
});

it.each([
  ...NAMES,
  'Mira Kuehn',
  'São Paulo',
  'Ãngela',
  'JOÃO',
  'PĂŞCAN',
  'Øystein Åsen',
  'Þórður',
  'Рёва',
  'Ні',
  '東京',
  'Zürich – Genève',
  '«Büro»',
  'Ångström',
  '1 ½ Straße',
])('leaves %s alone', (text) => {
  expect(repairDoubleUtf8(text)).toBeUndefined();
});
