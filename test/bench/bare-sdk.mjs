// The script that this program replaces: Okta's SDK under p-limit. node bare-sdk.mjs <url> <file> <in flight>
import { createReadStream } from 'node:fs';
import process from 'node:process';

import { Client } from '@okta/okta-sdk-nodejs';
import { parse } from 'csv-parse';
import pLimit from 'p-limit';

const [url, file, inFlight] = process.argv.slice(2);
const client = new Client({ orgUrl: url, token: 'bench' });
const limit = pLimit(Number(inFlight));
const creates = [];
for await (const profile of createReadStream(file).pipe(parse({ columns: true }))) {
  creates.push(limit(() => client.userApi.createUser({ body: { profile }, activate: false })));
}
await Promise.all(creates);
