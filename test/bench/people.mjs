// A file of invented people, nine columns wide, a quarter of the rows with a quoted cell, a quarter not ASCII.
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';

import { parse } from 'csv-parse';

const HEADER = 'login,email,firstName,lastName,department,title,employeeNumber,mobilePhone,city';
const FIRST_NAMES = ['Noor', 'Zoë', 'Jörg', 'Ana', 'Mei', 'Ivan', 'Lotte', 'Kofi', 'Aiko', 'Sam'];
const LAST_NAMES = ['Haddad', 'Müller', 'Okafor', 'Lee', 'Vermeulen', 'Silva', 'Tanaka', "O'Neill"];
const DEPARTMENTS = ['Sales', '"Research, Development"', 'Finance', 'Operations'];
const CITIES = ['Berlin', 'Lagos', 'São Paulo', 'Osaka', 'Dublin'];

export async function writePeople(path, rows) {
  await writeLines(path, function* lines() {
    yield HEADER;
    for (let row = 1; row <= rows; row += 1) {
      const pick = (list) => list[row % list.length];
      const login = `person.${row}@example.com`;
      const names = [pick(FIRST_NAMES), pick(LAST_NAMES), pick(DEPARTMENTS), 'Engineer', 100_000 + row];
      const phone = `+1 555 ${String(row).padStart(7, '0')}`;
      yield [login, login, ...names, phone, pick(CITIES)].join(',');
    }
  });
}

/** The bodies that an import of such a file sends, one per line. */
export async function writeBodies(csv, path) {
  await writeLines(path, async function* lines() {
    for await (const profile of createReadStream(csv).pipe(parse({ columns: true }))) {
      yield JSON.stringify({ profile });
    }
  });
}

async function writeLines(path, lines) {
  const file = createWriteStream(path);
  for await (const line of lines()) {
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
