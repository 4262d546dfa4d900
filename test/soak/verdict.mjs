import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';

/**
 * Compares a run's report with the org's own ledger.
 *
 * lost: rows without exactly one line in its place, users who are reported but do not exist, and, unless the run may
 * end early, rows that could have been imported but were not. doubled: users created twice, and creates sent for a
 * user that the run had already created. misreported: lines that contradict the ledger, and wrong counts.
 */
export function verdictOf({ folder, people, sandbox, taken, endsEarly = false, isPowerCut = false }) {
  const problems = { lost: [], doubled: [], misreported: [] };
  const results = parse(readFileSync(join(folder, 'results.csv')), { columns: true });
  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
  const createdIds = new Map();
  for (const { login, oktaId } of sandbox.ledger.created) {
    if (createdIds.has(login)) problems.doubled.push(`${login} was created twice`);
    createdIds.set(login, oktaId);
  }
  for (const login of sandbox.ledger.createsOfTakenLogins) {
    // After a power cut the journal may lack a create that was sent; the org rejects the second one.
    if (!taken.has(login) && !isPowerCut) {
      problems.doubled.push(`${login} was sent again although the run had created it`);
    }
  }

  for (const person of people) {
    const line = results[person.row - 1];
    if (line === undefined || line.row !== String(person.row) || withoutEscape(line.login) !== person.login) {
      problems.lost.push(`row ${person.row} has no line in its place: ${JSON.stringify(line)}`);
      continue;
    }
    judge(person, line, createdIds.get(person.login));
  }
  if (results.length !== people.length) {
    problems.lost.push(`${results.length} lines for ${people.length} rows`);
  }

  const counted = {};
  for (const { status } of results) counted[status] = (counted[status] ?? 0) + 1;
  const { counts } = summary;
  const stated = { created: counts.created, invalid: counts.invalid, failed: counts.failed };
  for (const [status, count] of Object.entries({ ...stated, 'not-attempted': counts.notAttempted })) {
    if (count !== (counted[status] ?? 0)) {
      problems.misreported.push(`summary.json: ${count} ${status}, lines: ${counted[status] ?? 0}`);
    }
  }
  if (counts.total !== people.length) problems.misreported.push(`summary.json: total ${counts.total}`);
  return problems;

  function judge({ row, login, isInvalid }, { status, oktaId, errorCode, message }, createdId) {
    const line = `row ${row} (${login}) is ${status} ${errorCode} ${message}`;
    if (status === 'created') {
      const user = sandbox.findUser(login);
      if (user === undefined) problems.lost.push(`${line}, but does not exist`);
      else if (user.id !== oktaId || createdId !== oktaId || isInvalid || taken.has(login)) {
        problems.misreported.push(`${line} as ${oktaId}, but the ledger has ${createdId}`);
      }
      return;
    }
    const isUnknown = errorCode === 'ERR_OUTCOME_UNKNOWN';
    if (createdId !== undefined && !(isUnknown && endsEarly)) {
      problems.misreported.push(`${line}, but was created`);
    }
    if (isInvalid !== (status === 'invalid')) problems.misreported.push(line);
    if (isInvalid || status === 'invalid') return;
    if (status === 'failed' && taken.has(login)) return;
    const isLeft = status === 'not-attempted' || isUnknown;
    if (!(isLeft && endsEarly)) problems.lost.push(`${line}, but could have been imported`);
  }
}

function withoutEscape(cell) {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
