import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';

/**
 * Holds a run's report against the org's own ledger.
 *
 * lost: records without exactly one line in its place, users who are reported and not there, and, unless the run
 * may end early, rows that could have been done and were not. doubled: users created twice, and creates sent for
 * a user who existed as ours. misreported: lines that say something else than the ledger, and counts that are wrong.
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
    // Whoever lost the record of a create to a power cut cannot know that it was sent; the org refuses the second.
    if (!taken.has(login) && !isPowerCut) {
      problems.doubled.push(`${login} was sent again though it exists as ours`);
    }
  }

  for (const person of people) {
    const line = results[person.row - 1];
    if (line === undefined || line.row !== String(person.row) || unneutralised(line.login) !== person.login) {
      problems.lost.push(`row ${person.row} has no line in its place: ${JSON.stringify(line)}`);
      continue;
    }
    judge(person, line, createdIds.get(person.login));
  }
  if (results.length !== people.length) {
    problems.lost.push(`${results.length} lines for ${people.length} records`);
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
  if (counts.total !== people.length) problems.misreported.push(`summary.json: ${counts.total} in all`);
  return problems;

  function judge({ row, login, isInvalid }, { status, oktaId, errorCode, message }, createdId) {
    const says = `row ${row} (${login}) is ${status} ${errorCode} ${message}`;
    if (status === 'created') {
      const user = sandbox.findUser(login);
      if (user === undefined) problems.lost.push(`${says}, but is not there`);
      else if (user.id !== oktaId || createdId !== oktaId || isInvalid || taken.has(login)) {
        problems.misreported.push(`${says} as ${oktaId}, but the ledger has ${createdId}`);
      }
      return;
    }
    const isUnknown = errorCode === 'ERR_OUTCOME_UNKNOWN';
    if (createdId !== undefined && !(isUnknown && endsEarly)) {
      problems.misreported.push(`${says}, but was created`);
    }
    if (isInvalid !== (status === 'invalid')) problems.misreported.push(says);
    if (isInvalid || status === 'invalid') return;
    if (status === 'failed' && taken.has(login)) return;
    const isLeft = status === 'not-attempted' || isUnknown;
    if (!(isLeft && endsEarly)) problems.lost.push(`${says}, and could have been done`);
  }
}

function unneutralised(cell) {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
