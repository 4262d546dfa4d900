import { existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { killUntilDone } from './kill.mjs';
import { profileOf } from './people.mjs';
import { runProgram, startProgram } from './program.mjs';
import { forgetSyncs, readSyncedBytes } from './synced-length.mjs';
import { hasUnknownRows, verdictOfImport, verdictOfUndo } from './verdict.mjs';

const MAX_RUNS = 10;
/** How many users others create after one kill. */
const USERS_OF_OTHERS = 6;

/** One import, resumed when it stopped early, as an admin would do. */
export async function importWithFaults(scene) {
  const { plan, file, reports, org } = scene;
  const folder = join(reports, 'run');
  const verdicts = [];
  // A create that is processed after its response cannot be told from one that was not.
  const resent = plan.commitsLate ? [] : undefined;
  const verdict = (endsEarly) => verdictOfImport({ ...scene, ...org, folder, endsEarly, resent });
  for (let runs = 1; ; runs += 1) {
    const isFirst = runs === 1;
    const command = isFirst
      ? ['import', file, '--run-id', 'run', ...(plan.importFlags ?? [])]
      : ['resume', 'run'];
    const program = startProgram(command, {
      ...scene.programOptions(),
      flags: plan.flags,
      waitsDividedBy: plan.waitsDividedBy,
      ...(isFirst && { fileBlocks: plan.fileBlocks }),
    });
    const exitCode = await program.ended;
    const isLate = plan.lateMs !== undefined && (exitCode === 0 || exitCode === 1) && hasUnknownRows(folder);
    const isOver = exitCode === 0 || exitCode === 1 || (exitCode === 3 && plan.endsEarly);
    if (isOver && !isLate) {
      verdicts.push(verdict(plan.endsEarly));
      return { runs, verdicts: [...verdicts, ...(await undone(scene, folder))] };
    }
    if ((exitCode !== 3 && !isLate) || runs > MAX_RUNS) {
      throw new Error(`${plan.name}: exit code ${exitCode}\n${program.log()}`);
    }
    // A full disk has no room for the reports either.
    if (plan.fileBlocks === undefined) {
      verdicts.push(verdict(true));
    }
    if (isLate) await delay(plan.lateMs + 500);
  }
}

/** One import that is killed and resumed, perhaps much later, with users that others create meanwhile. */
export async function killedImport(scene) {
  const { plan, file, reports, org, people, random, work } = scene;
  const { sandbox, clock } = org;
  const verdicts = [];
  let runId = 1;
  let bytesAtStart = 0;
  let hasSynced = false;
  const folderOf = () => join(reports, String(runId));
  const journalOf = () => join(folderOf(), 'journal.ndjson');
  const { runs } = await killUntilDone({
    ...plan,
    random,
    workDone: () => sandbox.ledger.created.length,
    workInAll: people.length,
    programOptions: () => ({ ...scene.programOptions(), ...(plan.losesUnsynced && { syncsFolder: work }) }),
    command() {
      const isBegun = existsSync(journalOf()) && readFileSync(journalOf()).includes('\n');
      // Killed before its journal began: nothing was sent, and the admin starts again.
      if (!isBegun && existsSync(folderOf())) runId += 1;
      bytesAtStart = isBegun ? statSync(journalOf()).size : 0;
      if (isBegun) forgetSyncs(work, journalOf());
      return isBegun ? ['resume', String(runId)] : ['import', file, '--run-id', String(runId)];
    },
    async killed(exitCode) {
      if (exitCode === 143 && existsSync(join(folderOf(), 'summary.json'))) {
        verdicts.push(verdictOfImport({ ...scene, ...org, folder: folderOf(), endsEarly: true }));
      }
      if (plan.losesUnsynced && existsSync(journalOf())) {
        const syncedBytes = readSyncedBytes(work, journalOf());
        hasSynced ||= syncedBytes !== undefined;
        loseUnsynced(journalOf(), syncedBytes ?? bytesAtStart, random);
      }
      const gapMs = scene.nextGapMs();
      const { afterMs = 0 } = plan.others ?? {};
      clock.setForward(afterMs);
      if (plan.others) await createByOthers(scene, journalOf());
      clock.setForward(Math.max(0, gapMs - afterMs));
    },
  });
  if (plan.losesUnsynced && !hasSynced) throw new Error(`${plan.name}: no sync was recorded`);
  if (plan.others && org.others.ids.size === 0) throw new Error(`${plan.name}: others created nobody`);
  verdicts.push(verdictOfImport({ ...scene, ...org, folder: folderOf() }));
  return { runs, verdicts: [...verdicts, ...(await undone(scene, folderOf()))] };
}

/** A run is killed, the file is imported in a second run, then the first run is resumed, and both are undone. */
export async function twoRuns(scene) {
  const { plan, file, reports, org, people, random } = scene;
  const { sandbox, clock, others } = org;
  const killAt = Math.floor(people.length * (0.3 + random() * 0.4));
  const first = startProgram(['import', file, '--run-id', 'first'], scene.programOptions());
  while (first.isRunning() && sandbox.ledger.created.length < killAt) await delay(1);
  first.kill('SIGKILL');
  if ((await first.ended) !== 'SIGKILL') throw new Error(`${plan.name}: the first run was not killed`);
  await delay(100);
  clock.setForward(scene.nextGapMs());

  const users = sandbox.users();
  const ofFirst = usersOf(users, others);
  const { createsOfTakenLogins } = sandbox.ledger;
  const resentBefore = createsOfTakenLogins.length;
  const secondReports = plan.isElsewhere ? `${reports}.second` : reports;
  const secondOptions = { ...scene.programOptions(), reports: secondReports };
  await runProgram(['import', file, '--run-id', 'second'], [1], secondOptions);
  const ofSecond = usersOf(sandbox.users().slice(users.length), others);
  const resentBySecond = createsOfTakenLogins.length - resentBefore;
  clock.setForward(scene.nextGapMs());
  await runProgram(['resume', 'first'], [0, 1], scene.programOptions());
  const resent = createsOfTakenLogins.toSpliced(resentBefore, resentBySecond);

  if (ofSecond.ids.size === 0) throw new Error(`${plan.name}: the second run created nobody`);

  const firstOrg = { ...org, others: merged(others, ofSecond) };
  const secondOrg = { ...org, others: merged(others, ofFirst) };
  const firstFolder = join(reports, 'first');
  const secondFolder = join(secondReports, 'second');
  const { mayStayUnknown } = plan;
  const verdicts = [
    verdictOfImport({ ...scene, ...firstOrg, folder: firstFolder, resent, mayStayUnknown }),
    verdictOfImport({ ...scene, ...secondOrg, folder: secondFolder, resent: [], mayStayUnknown }),
    ...(await undone({ ...scene, org: firstOrg, plan: { isUndone: true } }, firstFolder)),
    ...(await undone({ ...scene, reports: secondReports, plan: { isUndone: true } }, secondFolder)),
  ];
  return { runs: 5, verdicts };
}

async function undone(scene, folder) {
  const { plan, org } = scene;
  if (!plan.isUndone) return [];
  org.sandbox.clearFaults();
  await runProgram(['undo', folder, '--yes'], [0], scene.programOptions());
  return [verdictOfUndo({ ...org, folder: `${folder}-undo`, importFolder: folder })];
}

/** Somebody else creates users with logins of rows whose attempts have no outcome and created nobody. */
async function createByOthers({ plan, people, org }, journal) {
  const inDoubt = new Set();
  const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : [];
  for (const line of lines) {
    const row = Number(/"row":(\d+)/.exec(line)?.[1]);
    if (line.includes('"type":"attempt"')) inDoubt.add(row);
    else if (line.includes('"type":"outcome"')) inDoubt.delete(row);
  }
  const absent = people.filter(
    ({ login, isInvalid }) => !isInvalid && org.sandbox.findUser(login) === undefined,
  );
  const chosen = [
    ...absent.filter(({ row }) => inDoubt.has(row)).slice(0, USERS_OF_OTHERS),
    ...absent.filter(({ row }) => !inDoubt.has(row)).slice(0, 1),
  ];
  for (const person of chosen) {
    const profile = profileOf(person);
    await org.createByOther(plan.others.sameProfile ? profile : { ...profile, lastName: 'Somebody Else' });
  }
}

/** What a power failure does: everything since the last sync may be missing, and some of it usually is. */
function loseUnsynced(path, syncedBytes, random) {
  const { size } = statSync(path);
  const unsyncedBytes = Math.max(0, size - syncedBytes);
  const keptBytes = random() < 0.5 ? 0 : Math.floor(random() * unsyncedBytes);
  truncateSync(path, size - unsyncedBytes + keptBytes);
}

function usersOf(users, others) {
  const own = users.filter(({ id }) => !others.ids.has(id));
  return {
    ids: new Set(own.map(({ id }) => id)),
    logins: new Set(own.map(({ profile }) => profile.login)),
  };
}

function merged(one, other) {
  return { ids: new Set([...one.ids, ...other.ids]), logins: new Set([...one.logins, ...other.logins]) };
}
