import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Dataset } from '../../src/sync/dataset.js';
import { DatasetFileError, readDataset, writeDataset } from '../../src/sync/dataset-file.js';
import { workplace } from '../helpers/workplace.js';

async function stored(): Promise<{ readonly path: string; readonly bytes: Buffer }> {
  const path = join(workplace().folder, 'datasets', 'staff.ndjson');
  await writeDataset(path, someDataset());
  return { path, bytes: readFileSync(path) };
}

function someDataset(): Dataset {
  const dataset = new Dataset({
    name: 'staff',
    org: 'https://example.okta.com',
    match: 'employeeNumber',
    columns: ['login', 'Größe'],
    rows: 3,
    hasDeactivated: false,
  });
  for (const number of [1, 2, 3]) {
    dataset.set({
      key: dataset.keyOf(`${number}`),
      login: dataset.loginOf(`person${number}@example.com`),
      oktaId: `00u${number}`,
      row: dataset.rowDigest({ title: `Title ${number}` }),
      values: dataset.packValues({ title: dataset.valueDigest('title', `Title ${number}`) }),
      seen: '2026-03-01',
      ...(number === 2 && { left: 'suspended', missingSince: '2026-03-02' }),
      ...(number === 3 && { isStaged: true }),
    });
  }
  return dataset;
}

it('a data set is read as it was written', async () => {
  const { path } = await stored();

  const dataset = await readDataset(path);

  await writeDataset(`${path}.again`, dataset!);
  expect(readFileSync(`${path}.again`, 'utf8')).toBe(readFileSync(path, 'utf8'));
});

describe('a state is an error, and never believed,', () => {
  it('when it was cut off at any byte', async () => {
    const { path, bytes } = await stored();
    for (let length = 0; length < bytes.length; length += 1) {
      writeFileSync(path, bytes.subarray(0, length));
      await expect(readDataset(path)).rejects.toBeInstanceOf(DatasetFileError);
    }
  });

  it('when any bit of it is flipped', async () => {
    const { path, bytes } = await stored();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(path, damaged);
      await expect(readDataset(path), `bit ${bit}`).rejects.toBeInstanceOf(DatasetFileError);
    }
  });

  it('when several bits of it are flipped', async () => {
    const { path, bytes } = await stored();
    const flips = fc.uniqueArray(
      fc.record({ at: fc.nat(bytes.length - 1), bit: fc.integer({ min: 0, max: 7 }) }),
      { minLength: 1, maxLength: 3, selector: ({ at, bit }) => `${at} ${bit}` },
    );

    await fc.assert(
      fc.asyncProperty(flips, async (some) => {
        const damaged = Buffer.from(bytes);
        for (const { at, bit } of some) damaged[at]! ^= 1 << bit;
        writeFileSync(path, damaged);
        await expect(readDataset(path)).rejects.toBeInstanceOf(DatasetFileError);
      }),
      { numRuns: 300 },
    );
  });

  it('when its lines are of two files', async () => {
    const { path, bytes } = await stored();
    const other = await stored();
    const half = bytes.indexOf('\n', bytes.length / 2) + 1;
    writeFileSync(path, Buffer.concat([bytes.subarray(0, half), other.bytes.subarray(half)]));

    await expect(readDataset(path)).rejects.toThrow('is damaged');
  });

  it.each([
    ['', 'it is empty'],
    ['not a data set\n', 'it does not begin with the description of a data set'],
    ['{"type":"run"}\n{"type":"end"}\n', 'it does not begin with the description of a data set'],
  ])('when it is %j', async (text, how) => {
    const { path } = await stored();
    writeFileSync(path, text);

    await expect(readDataset(path)).rejects.toThrow(`is damaged: ${how}.`);
  });

  it('when another version wrote it, however its file ends', async () => {
    const { path, bytes } = await stored();
    for (const text of [
      String(bytes).replace('"format":1', '"format":2'),
      '{"type":"dataset","format":2}\n\u0000',
    ]) {
      writeFileSync(path, text);
      await expect(readDataset(path)).rejects.toThrow('was written by another version');
    }
  });
});
