// The minimal script that sends the requests: node bare-undici.mjs <url> <file of bodies> <in flight>
import { readFileSync } from 'node:fs';
import process from 'node:process';

import { Pool } from 'undici';

const [url, file, inFlight] = process.argv.slice(2);
const bodies = readFileSync(file, 'utf8').trimEnd().split('\n');
const pool = new Pool(url, { connections: Number(inFlight), pipelining: 1 });
const headers = { 'content-type': 'application/json', authorization: 'SSWS bench' };
let next = 0;
await Promise.all(Array.from({ length: Number(inFlight) }, work));
await pool.close();

async function work() {
  while (next < bodies.length) {
    const body = bodies[next];
    next += 1;
    const answer = await pool.request({
      method: 'POST',
      path: '/api/v1/users?activate=false',
      headers,
      body,
    });
    await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(String(answer.statusCode));
  }
}
