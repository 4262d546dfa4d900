// The minimal script that reads the rows: node bare-csv-parse.mjs <file>
import { createReadStream } from 'node:fs';
import process from 'node:process';

import { parse } from 'csv-parse';

let rows = 0;
for await (const _ of createReadStream(process.argv[2]).pipe(parse({ columns: true }))) rows += 1;
process.stdout.write(String(rows));
