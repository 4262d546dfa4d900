import { expect, it } from 'vitest';

import { nextActions, type ImportSituation, type RunSituation } from '../../src/jobs/next-actions.js';

const complete: ImportSituation = {
  kind: 'import',
  isRunning: false,
  isStopped: false,
  isDamaged: false,
  inDoubt: 0,
  badRows: 0,
  hasChanges: true,
  hasStaged: false,
  undo: 'none',
};

it.each<[what: string, situation: RunSituation, actions: readonly string[]]>([
  ['an import of all rows', complete, ['verify', 'undo']],
  ['an import that changed nothing', { ...complete, hasChanges: false }, []],
  ['an import with bad rows', { ...complete, badRows: 2 }, ['import', 'verify', 'undo']],
  [
    'a sync with bad rows, which the next night reads again',
    { ...complete, kind: 'sync', badRows: 2 },
    ['verify', 'undo'],
  ],
  ['an import of staged users', { ...complete, hasStaged: true }, ['activate', 'verify', 'undo']],
  ['a stopped import', { ...complete, isStopped: true, badRows: 2 }, ['resume', 'verify', 'undo']],
  [
    'an import with unknown outcomes',
    { ...complete, inDoubt: 1, badRows: 1, hasStaged: true },
    ['resume', 'verify'],
  ],
  [
    'a stopped import whose journal is damaged',
    { ...complete, isDamaged: true, isStopped: true, inDoubt: 1, badRows: 1 },
    ['report', 'verify', 'undo'],
  ],
  ['a running import', { ...complete, isRunning: true, inDoubt: 3 }, ['report']],
  ['an import that was undone', { ...complete, undo: 'done', badRows: 1 }, []],
  ['an import that was undone in part', { ...complete, undo: 'begun', isStopped: true }, ['undo']],
  ['an undo of all users', { kind: 'undo', isRunning: false, isComplete: true }, []],
  ['an undo that stopped', { kind: 'undo', isRunning: false, isComplete: false }, ['undo']],
  ['a running undo', { kind: 'undo', isRunning: true, isComplete: false }, []],
  ['an activation that stopped', { kind: 'activate', isRunning: false, isComplete: false }, ['activate']],
  ['a dry run', { kind: 'dry-run', isSync: false, isComplete: true }, ['import']],
  ['a dry run of sync', { kind: 'dry-run', isSync: true, isComplete: true }, ['sync']],
  ['a dry run that was interrupted', { kind: 'dry-run', isSync: false, isComplete: false }, []],
])('what can be done next after %s', (_, situation, actions) => {
  expect(nextActions(situation)).toEqual(actions);
});
