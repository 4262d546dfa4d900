import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';

import { profileOf } from './people.mjs';

const KINDS = ['lost', 'doubled', 'misreported', 'claimed'];

export function noProblems() {
  return Object.fromEntries(KINDS.map((kind) => [kind, []]));
}

export function mergeProblems(verdicts) {
  return Object.fromEntries(KINDS.map((kind) => [kind, verdicts.flatMap((verdict) => verdict[kind])]));
}

/**
 * Compares the report of an import with the sandbox's own records.
 *
 * - lost: rows without exactly one line in their place, reported users that do not exist, and rows that were not done although
 *   the run did not end early.
 * - doubled: users created twice, and creates sent for a user that the run had created.
 * - misreported: lines that contradict the sandbox's records, and wrong counts.
 * - claimed: users of others that the run reports as its own, or that are gone.
 *
 * @param options.others - users that the run did not create: `ids` and `logins`.
 * @param options.updated - logins of users that the run was to update.
 * @param options.endsEarly - whether the run may have left rows.
 * @param options.mayStayUnknown - whether the outcome of a row may be unknown in the end.
 * @param options.resent - logins of creates that were sent although the user existed.
 */
export function verdictOfImport(options) {
  const { folder, people, sandbox, others, updated, endsEarly, mayStayUnknown } = options;
  const { resent = sandbox.ledger.createsOfTakenLogins } = options;
  const problems = noProblems();
  const { results, counts } = readReport(folder);
  const createdIds = new Map();
  for (const { login, oktaId } of sandbox.ledger.created) {
    if (createdIds.has(login)) problems.doubled.push(`${login} was created twice`);
    if (!others.ids.has(oktaId)) createdIds.set(login, oktaId);
  }
  for (const login of resent) {
    if (!others.logins.has(login)) {
      problems.doubled.push(`${login} was sent again, although the run had created it`);
    }
  }
  for (const person of people) {
    const line = results[person.row - 1];
    if (line === undefined || line.row !== String(person.row) || cellText(line.login) !== person.login) {
      problems.lost.push(`row ${person.row} has no line in its place: ${JSON.stringify(line)}`);
    } else if (updated?.has(person.login)) judgeUpdated(person, line);
    else judge(person, line, createdIds.get(person.login));
  }
  if (results.length !== people.length) {
    problems.lost.push(`${results.length} lines for ${people.length} rows`);
  }
  problems.misreported.push(...wrongCounts(results, counts, people.length));
  problems.claimed.push(...goneOthers(sandbox, others));
  return problems;

  function judge({ row, login, isInvalid }, { status, oktaId, errorCode, message }, createdId) {
    const line = `row ${row} (${login}) is ${status} ${errorCode} ${message}`;
    if (status === 'created') {
      const user = sandbox.findUser(login);
      if (others.ids.has(oktaId)) problems.claimed.push(`${line} as ${oktaId}, which others created`);
      else if (user === undefined) problems.lost.push(`${line}, but does not exist`);
      else if (user.id !== oktaId || createdId !== oktaId || isInvalid) {
        problems.misreported.push(`${line} as ${oktaId}, but the sandbox created ${createdId}`);
      }
      return;
    }
    const isUnknownRow = isUnknown({ errorCode });
    if (isUnknownRow && mayStayUnknown) return;
    if (createdId !== undefined && !(isUnknownRow && endsEarly)) {
      problems.misreported.push(`${line}, but was created`);
    }
    if (isInvalid !== (status === 'invalid')) problems.misreported.push(line);
    if (isInvalid || status === 'invalid') return;
    if (others.logins.has(login) && (status === 'failed' || status === 'exists')) return;
    const isLeft = status === 'not-attempted' || isUnknownRow;
    if (!(isLeft && endsEarly)) problems.lost.push(`${line}, but could have been imported`);
  }

  function judgeUpdated(person, { status, oktaId, errorCode, message }) {
    const line = `row ${person.row} (${person.login}) is ${status} ${errorCode} ${message}`;
    const user = sandbox.findUser(person.login);
    if (status !== 'updated') problems.misreported.push(`${line}, and should be updated`);
    else if (user?.id !== oktaId) problems.misreported.push(`${line} as ${oktaId}, but is ${user?.id}`);
    else if (!hasProfile(user, profileOf(person))) problems.lost.push(`${line}, but was not updated`);
  }
}

/**
 * Compares the report of an undo with the sandbox's own records. Nothing of the run may be left, and nothing else may be gone.
 *
 * @param options.importFolder - the run that was undone.
 * @param options.formerProfiles - of the users that the run updated.
 */
export function verdictOfUndo({ folder, importFolder, sandbox, others, formerProfiles = [] }) {
  const problems = noProblems();
  const { results, counts } = readReport(folder);
  const imported = readReport(importFolder).results;
  const done = imported.filter(({ status }) => /^(?:created|updated)$/.test(status));
  const unknownLogins = new Set(imported.filter(isUnknown).map(({ login }) => cellText(login)));
  const byRow = new Map(results.map((line) => [line.row, line]));
  if (byRow.size !== results.length) {
    problems.misreported.push('a row has two lines in the report of the undo');
  }
  for (const { row, login, status, oktaId } of done) {
    const line = byRow.get(row);
    const expected = status === 'created' ? 'removed' : 'restored';
    const text = `row ${row} (${login}), which was ${status}, is ${line?.status} ${line?.errorCode} ${line?.message}`;
    const isThere = sandbox.findUser(oktaId) !== undefined;
    if (line === undefined) problems.lost.push(`${text}: it has no line in the report of the undo`);
    else if (line.status !== expected) problems.lost.push(text);
    else if (isThere === (expected === 'removed')) problems.misreported.push(`${text}, which is wrong`);
    else if (status === 'created' && others.ids.has(oktaId)) {
      problems.claimed.push(`${text}, but others created it`);
    }
  }
  for (const { id, profile } of sandbox.users()) {
    const isLeft = !others.ids.has(id) && !unknownLogins.has(profile.login);
    if (isLeft) problems.lost.push(`${profile.login} is left after the undo`);
  }
  for (const profile of formerProfiles) {
    const user = sandbox.findUser(profile.login);
    if (user !== undefined && !hasProfile(user, profile)) {
      problems.lost.push(`${profile.login} was not restored`);
    }
  }
  problems.misreported.push(...wrongCounts(results, counts, done.length));
  problems.claimed.push(...goneOthers(sandbox, others));
  return problems;
}

/** Compares the report of an activation with the org. A second activation of a user would be a second email. */
export function verdictOfActivation({ folder, sandbox, others, expectedRows }) {
  const problems = noProblems();
  const { results, counts } = readReport(folder);
  for (const { row, login, status, oktaId, errorCode, message } of results) {
    const line = `row ${row} (${login}) is ${status} ${errorCode} ${message}`;
    const user = sandbox.findUser(oktaId);
    if (status !== 'activated') problems.misreported.push(`${line}, and should be activated`);
    else if (user?.status !== 'PROVISIONED') problems.lost.push(`${line}, but is ${user?.status}`);
    if (others.ids.has(oktaId)) problems.claimed.push(`${line}, but was created by others`);
  }
  if (results.length !== expectedRows) {
    problems.lost.push(`${results.length} lines for ${expectedRows} staged users`);
  }
  const refused = sandbox.ledger.requests({ operation: 'activateUser', status: 403 });
  if (refused > 0) problems.doubled.push(`${refused} activations were sent for users that were active`);
  problems.misreported.push(...wrongCounts(results, counts, results.length));
  return problems;
}

function readReport(folder) {
  const results = parse(readFileSync(join(folder, 'results.csv')), { bom: true, columns: true });
  const { counts } = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
  return { results, counts };
}

function wrongCounts(results, counts, total) {
  const lines = {};
  for (const { status } of results) lines[status] = (lines[status] ?? 0) + 1;
  const wrong = [];
  for (const [name, count] of Object.entries(counts)) {
    const status = name === 'notAttempted' ? 'not-attempted' : name;
    const expected = name === 'total' ? total : (lines[status] ?? 0);
    if (count !== expected) wrong.push(`summary.json: ${count} ${status}, results.csv: ${expected}`);
  }
  return wrong;
}

function goneOthers(sandbox, others) {
  return [...others.ids]
    .filter((id) => sandbox.findUser(id) === undefined)
    .map((id) => `user ${id}, which others created, is gone`);
}

function hasProfile(user, profile) {
  return Object.entries(profile).every(([attribute, value]) => user.profile[attribute] === value);
}

/** Without the apostrophe that keeps spreadsheets from running the cell as a formula. */
function cellText(cell) {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** Whether the report has rows whose outcome a resumed run can still find out. */
export function hasUnknownRows(folder) {
  return readReport(folder).results.some(isUnknown);
}

function isUnknown({ errorCode }) {
  return errorCode === 'ERR_OUTCOME_UNKNOWN';
}
