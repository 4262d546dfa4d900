import { describe, expect, it } from 'vitest';

import { inChunks, readAll } from './read.js';

const HEADER = 'login,email,firstName,lastName,password';

describe('a file in an email encoding is rejected by name', () => {
  it.each([
    [
      'UTF-7, as Python writes it',
      `${HEADER}\nmira@example.com,mira@example.com,Andr+AOk,M+APw-ller,x\n`,
      'The file is in UTF-7, an email encoding that looks like ASCII: "Andr+AOk" on line 2 means "André".',
    ],
    [
      'UTF-7, as Windows PowerShell exports it',
      '+ACI-login+ACI-,+ACI-email+ACI-\r\n+ACI-mira+AEA-example.com+ACI-,+ACI-mira+AEA-example.com+ACI-\r\n',
      '"+ACI-login+ACI-" on line 1 means ""login"".',
    ],
    [
      'UTF-7 in the header',
      'login,Pr+AOk-nom,Nom\nmira@example.com,Mira,Kuehn\n',
      '"Pr+AOk-nom" on line 1 means "Prénom".',
    ],
    [
      'HZ',
      `${HEADER}\nwei@example.com,wei@example.com,~{N0Cw~},~{Mu~},x\n`,
      'The file is in HZ, an email encoding that looks like ASCII: "~{N0Cw~}" on line 2 means "伟明".',
    ],
    [
      // 仿 ends with the byte of a comma.
      'HZ with a delimiter inside a character',
      `${HEADER}\nwei@example.com,wei@example.com,Wei,~{7B5,~},x\n`,
      'The file is in HZ, an email encoding that looks like ASCII: see line 2.',
    ],
  ])('%s', async (_, file, message) => {
    const { error } = await readAll(inChunks(file));

    expect(error).toMatchObject({
      code: 'ERR_GARBLED_TEXT',
      message: expect.stringContaining(message),
      hint: 'Export the file again as UTF-8. If its values are correct as they are, set --encoding utf-8.',
    });
  });

  it('unless the user says that it is UTF-8', async () => {
    const file = `${HEADER}\nmira@example.com,mira@example.com,Andr+AOk-,~{Mu~},x\n`;

    const { rows, error } = await readAll(inChunks(file), { encoding: 'utf-8' });

    expect(error).toBeUndefined();
    expect(rows[0]?.cells.slice(2, 4)).toEqual(['Andr+AOk-', '~{Mu~}']);
  });

  it('but not because of a plus sign, a tilde, or a secret', async () => {
    const rows = [
      'a+abc@example.com,a+news-1@example.com,Ann~{,Lee~},+AOk-secret',
      'b@example.com,b@example.com,Bo,C++-Developer,M+APw-ller',
      'c@example.com,c@example.com,Sales+Ops-EMEA,+1-415-555-0123,x',
    ];

    const { error } = await readAll(inChunks([HEADER, ...rows].join('\n')));

    expect(error).toBeUndefined();
  });
});
