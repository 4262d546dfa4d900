import { describe, expect, it } from 'vitest';

import { splitName } from '../../src/mapping/full-name.js';

describe('a whole name', () => {
  it.each([
    ['Ann Lee', 'Ann', 'Lee'],
    ['Lee, Ann', 'Ann', 'Lee'],
    ['Dr. Ann van der Lee', 'Ann', 'van der Lee'],
    ['van der Lee, Ann', 'Ann', 'van der Lee'],
    ['Lee, Ann van der', 'Ann', 'van der Lee'],
    ['Lee, Dr. Ann', 'Ann', 'Lee'],
    ['Prof. Dr. Ann Lee', 'Ann', 'Lee'],
    ['Frau Dipl.-Ing. Ann Lee', 'Ann', 'Lee'],
    ['Ann Lee, PhD', 'Ann', 'Lee'],
    ['Ann Lee Jr.', 'Ann', 'Lee'],
    ['Lee, Ann, MBA', 'Ann', 'Lee'],
    ['Ann M. Lee', 'Ann M.', 'Lee'],
    ['J. R. Lee', 'J. R.', 'Lee'],
    ['Ann LEE', 'Ann', 'LEE'],
    ['LEE Ann', 'Ann', 'LEE'],
    ['DE LA CRUZ Ana María', 'Ana María', 'DE LA CRUZ'],
    ['Ana de la Cruz', 'Ana', 'de la Cruz'],
    ['Anne-Marie Dupont-Lee', 'Anne-Marie', 'Dupont-Lee'],
    ['  Ann \u00a0 Lee ', 'Ann', 'Lee'],
    ['Ann "Annie" Lee', 'Ann', 'Lee'],
    ['Lee, Ann (external)', 'Ann', 'Lee'],
    ["Ann O'Neill", 'Ann', "O'Neill"],
    ['Ana Lee y Prado', 'Ana', 'Lee y Prado'],
    ['Mei Ma', 'Mei', 'Ma'],
  ])('%s is split', (name, given, family) => {
    expect(splitName(name)).toMatchObject({ given, family });
  });

  it.each([
    ['Ann Lee'],
    ['Lee, Ann'],
    ['Dr. Ann van der Lee'],
    ['Ann M. Lee'],
    ['Ann LEE'],
    ['Lee, Ann van der'],
  ])('%s is not doubtful', (name) => {
    expect(splitName(name).doubt).toBeUndefined();
  });

  it.each([
    ['Cher', 'is a single word'],
    ['Ann Marie Lee', 'has 3 words'],
    ['Ana García López Prado', 'has 4 words'],
    ['山田 太郎', 'is read as family name first'],
    ['山田太郎', 'has no space between family and given name'],
    ['Yamada Taro', 'may have the family name first'],
    ['Nguyen Van', 'may have the family name first'],
    ['Nguyễn Thị Lan', 'has 3 words'],
    ['Trần Bình', 'is read as family name first'],
    ['Lee, Ann, Bob', 'has several commas'],
    ['Ann & Bob Lee', 'may be of several people'],
    ['Ann Lee 2', 'does not look like a name'],
    ['Lee,', 'is a single word'],
  ])('%s is doubtful: it %s', (name, doubt) => {
    expect(splitName(name).doubt).toBe(doubt);
  });

  it('keeps a name that is nothing but a remark', () => {
    expect(splitName('(vacant)')).toMatchObject({ given: '(vacant)', family: '' });
  });

  it('keeps East Asian names together in their own order', () => {
    expect(splitName('山田 太郎')).toMatchObject({ given: '太郎', family: '山田' });
    expect(splitName('Nguyễn Thị Lan')).toMatchObject({ given: 'Thị Lan', family: 'Nguyễn' });
    expect(splitName('Lan Nguyễn')).toMatchObject({ given: 'Lan', family: 'Nguyễn' });
  });
});
