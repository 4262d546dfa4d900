import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { killUntilDone } from './kill.mjs';
import { profileOf } from './people.mjs';
import { runProgram } from './program.mjs';
import { verdictOfActivation, verdictOfImport, verdictOfUndo } from './verdict.mjs';

/** Every other row of an update has an existing user, with values that the import changes. */
export function existingProfiles(people) {
  return people
    .filter(({ row, isInvalid }) => row % 2 === 0 && !isInvalid)
    .map((person) => ({ ...profileOf(person), firstName: 'Formerly', department: 'Former department' }));
}

/** An import that updates and creates users, and its undo, both killed again and again. */
export async function killedUpdate(scene) {
  const { plan, file, org, people } = scene;
  const { sandbox, others } = org;
  const formerProfiles = existingProfiles(people);
  const folder = join(scene.reports, 'run');
  const hasEmptyDepartment = people.filter(({ department }) => department === '').length;
  if (hasEmptyDepartment === 0) throw new Error(`${plan.name}: no row leaves a value alone`);
  const update = await killed(scene, {
    command: () =>
      existsSync(join(folder, 'journal.ndjson'))
        ? ['resume', 'run']
        : ['import', file, '--run-id', 'run', '--if-exists', 'update'],
    workDone: () => changesOf(sandbox),
    workInAll: people.length,
  });
  const updated = new Set(formerProfiles.map(({ login }) => login));
  const verdict = verdictOfImport({ ...scene, ...org, folder, updated });
  const undo = await killedUndo(scene, folder, { formerProfiles });
  return { runs: update.runs + undo.runs, verdicts: [verdict, undo.verdict], others };
}

/** The activation of staged users, and the undo of their import, both killed again and again. */
export async function killedActivation(scene) {
  const { file, org, people } = scene;
  const { sandbox } = org;
  const folder = join(scene.reports, 'run');
  await runProgram(['import', file, '--run-id', 'run', '--no-activate'], [0, 1], scene.programOptions());
  const imported = verdictOfImport({ ...scene, ...org, folder });
  const expectedRows = people.filter(({ isInvalid }) => !isInvalid).length;
  const activation = await killed(scene, {
    command: () => ['activate', 'run'],
    workDone: () => sandbox.users().filter(({ status }) => status !== 'STAGED').length,
    workInAll: expectedRows,
  });
  const activated = verdictOfActivation({ ...org, folder: `${folder}-activate`, expectedRows });
  const undo = await killedUndo(scene, folder);
  return { runs: 1 + activation.runs + undo.runs, verdicts: [imported, activated, undo.verdict] };
}

async function killedUndo(scene, folder, options = {}) {
  const { sandbox } = scene.org;
  const before = changesOf(sandbox);
  const { runs } = await killed(scene, {
    command: () => ['undo', 'run', '--yes'],
    workDone: () => changesOf(sandbox) - before,
    // Two requests delete a user.
    workInAll: sandbox.users().length * 1.5,
  });
  const verdict = verdictOfUndo({ ...scene.org, ...options, folder: `${folder}-undo`, importFolder: folder });
  return { runs, verdict };
}

function killed(scene, options) {
  return killUntilDone({
    ...scene.plan,
    ...options,
    random: scene.random,
    programOptions: scene.programOptions,
    killed: () => scene.org.clock.setForward(scene.nextGapMs()),
  });
}

function changesOf({ ledger }) {
  return ['createUser', 'updateUser', 'deleteUser'].reduce(
    (sum, operation) => sum + ledger.requests({ operation }),
    0,
  );
}
