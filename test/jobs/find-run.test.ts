import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { findRunFolder } from '../../src/jobs/find-run.js';
import { JOURNAL_FILE } from '../../src/journal/journal-line.js';
import { RunFolderError } from '../../src/journal/run-folder.js';
import type { RunPurpose } from '../../src/jobs/run-folders.js';
import { tempFolder } from '../engine/build.js';
import { reportsFolder, type WrittenRun } from '../helpers/reports-folder.js';

describe('the folder of an earlier run', () => {
  it('is found by run ID and by path', async () => {
    const reports = await tempFolder();
    const folder = join(reports, 'night');
    mkdirSync(folder);
    writeFileSync(join(folder, JOURNAL_FILE), '');
    expect(await findRunFolder(reports, 'night', 'report')).toBe(folder);
    expect(await findRunFolder('elsewhere', folder, 'report')).toBe(folder);
    expect(await findRunFolder('elsewhere', `${folder}/`, 'report')).toBe(folder);
  });

  it('is not found by an ID that is a link, but by the path of the target', async () => {
    const [reports, elsewhere] = [await tempFolder(), await tempFolder()];
    writeFileSync(join(elsewhere, JOURNAL_FILE), '');
    symlinkSync(elsewhere, join(reports, 'night'));
    await expect(findRunFolder(reports, 'night', 'report')).rejects.toThrow(/is a link/);
    expect(await findRunFolder(reports, elsewhere, 'report')).toBe(elsewhere);
  });

  it('has a journal that is a regular file, not a link or a pipe', async () => {
    const reports = await tempFolder();
    const [linked, piped] = [join(reports, 'linked'), join(reports, 'piped')];
    mkdirSync(linked);
    symlinkSync('/etc/hostname', join(linked, JOURNAL_FILE));
    mkdirSync(piped);
    execFileSync('mkfifo', [join(piped, JOURNAL_FILE)]);
    await expect(findRunFolder(reports, 'linked', 'report')).rejects.toThrow(RunFolderError);
    await expect(findRunFolder(reports, 'piped', 'report')).rejects.toThrow(RunFolderError);
  });

  it.each(['', ' ', '..', '../..', 'a\0b', '\n', '*', '~', 'x'.repeat(5000), 'nul', '-'])(
    'named %j is not found',
    async (run) => {
      await expect(findRunFolder(await tempFolder(), run, 'report')).rejects.toThrow(RunFolderError);
    },
  );

  it('is not found without a journal', async () => {
    const reports = await tempFolder();
    mkdirSync(join(reports, 'night'));
    await expect(findRunFolder(reports, 'night', 'report')).rejects.toThrow(/run "night" does not exist/);
  });
});

describe('the beginning of a run ID', () => {
  it('finds the only run that begins with it, and not one that only holds it', async () => {
    const reports = await reportsFolder();
    const monday = await reports.run('2026-11-23T02-00-00Z-people');
    await reports.run('2026-11-24T02-00-00Z-people');

    expect(await findRunFolder(reports.path, '2026-11-23', 'undo')).toBe(monday);
    await expect(findRunFolder(reports.path, 'people', 'undo')).rejects.toThrow(/"people" does not exist/);
    await expect(findRunFolder(reports.path, '2026-11-23t', 'undo')).rejects.toThrow(/does not exist/);
  });

  it('of several runs is refused with their IDs, newest first', async () => {
    const reports = await reportsFolder();
    await reports.run('night-1', { startedAt: '2026-11-23T02:00:00.000Z' });
    await reports.run('night-2', { startedAt: '2026-11-24T02:00:00.000Z' });
    await reports.run('other');

    await expect(findRunFolder(reports.path, 'night', 'resume')).rejects.toMatchObject({
      code: 'ERR_RUN_FOLDER',
      message: '"night" is the beginning of 2 run IDs: night-2, night-1.',
      hint: 'Give more of the run ID.',
    });
  });

  it('of very many runs is refused with some of them', async () => {
    const reports = await reportsFolder();
    for (let night = 1; night <= 12; night += 1) await reports.run(`night-${night}`);

    await expect(findRunFolder(reports.path, 'night', 'verify')).rejects.toThrow(
      /12 run IDs: .*, and 4 more\.$/,
    );
  });

  it('that is the whole ID of one run means that run', async () => {
    const reports = await reportsFolder();
    const first = await reports.run('night');
    await reports.run('night-2');

    expect(await findRunFolder(reports.path, 'night', 'undo')).toBe(first);
  });

  it('means the run, not its undo or activation, until it reaches beyond the ID of the run', async () => {
    const reports = await reportsFolder();
    const run = await reports.run('night-people');
    const undo = await reports.run('night-people-undo', { command: 'undo' });
    await reports.run('night-people-activate', { command: 'activate' });

    for (const purpose of ['report', 'undo', 'verify'] as const) {
      expect(await findRunFolder(reports.path, 'night', purpose)).toBe(run);
    }
    expect(await findRunFolder(reports.path, 'night-people-u', 'report')).toBe(undo);
  });

  it('means the import rather than a dry run, except for a report', async () => {
    const reports = await reportsFolder();
    const run = await reports.run('night-people');
    reports.dryRun('night-validate-people');

    expect(await findRunFolder(reports.path, 'night', 'undo')).toBe(run);
    await expect(findRunFolder(reports.path, 'night', 'report')).rejects.toThrow(/2 run IDs/);
  });

  it('never leads through a link, to a file, or to the folder of the data sets', async () => {
    const reports = await reportsFolder();
    const elsewhere = await (await reportsFolder()).run('night');
    symlinkSync(elsewhere, join(reports.path, 'night-link'));
    writeFileSync(join(reports.path, 'nightly.txt'), '');
    mkdirSync(join(reports.path, 'datasets'));
    writeFileSync(join(reports.path, 'datasets', 'night.ndjson'), '');

    await expect(findRunFolder(reports.path, 'night', 'undo')).rejects.toThrow(/does not exist/);
    await expect(findRunFolder(reports.path, 'data', 'undo')).rejects.toThrow(/does not exist/);
  });

  it('that is nearly an ID is refused with that ID', async () => {
    const reports = await reportsFolder();
    await reports.run('monday');

    await expect(findRunFolder(reports.path, 'mondya', 'undo')).rejects.toMatchObject({
      message: expect.stringContaining('Did you mean "monday"?'),
      hint: expect.stringContaining('okta-csv-import runs'),
    });
  });
});

describe('last', () => {
  const [MONDAY, TUESDAY, WEDNESDAY] = [23, 24, 25].map((day) => `2026-11-${day}T02:00:00.000Z`);

  it('is the newest run, whatever the names are', async () => {
    const reports = await reportsFolder();
    const newest = await reports.run('a', { startedAt: TUESDAY!, created: 1 });
    await reports.run('z', { startedAt: MONDAY!, created: 1 });

    for (const purpose of ['report', 'verify', 'resume', 'activate', 'undo'] as const) {
      expect(await findRunFolder(reports.path, 'last', purpose)).toBe(newest);
    }
  });

  it('is the newest import or sync where only those will do, and the newest of all for a report', async () => {
    const reports = await reportsFolder();
    const sync = await reports.run('sync', { startedAt: MONDAY!, command: 'sync', created: 1 });
    const undo = await reports.run('sync-undo', { startedAt: TUESDAY!, command: 'undo' });

    expect(await findRunFolder(reports.path, 'last', 'report')).toBe(undo);
    reports.dryRun('check', { startedAt: WEDNESDAY! });
    expect(await findRunFolder(reports.path, 'last', 'verify')).toBe(sync);
    await expect(findRunFolder(reports.path, 'last', 'report')).rejects.toThrow(/check is a dry run/);
  });

  it.each<[what: string, run: WrittenRun, undo: WrittenRun | undefined]>([
    ['changed nothing', {}, undefined],
    ['was undone', { created: 2 }, { command: 'undo', removed: 2 }],
  ])('to be undone passes over a run that %s', async (_, run, undo) => {
    const reports = await reportsFolder();
    const older = await reports.run('older', { startedAt: MONDAY!, created: 1 });
    await reports.run('newer', { startedAt: TUESDAY!, ...run });
    if (undo !== undefined) await reports.run('newer-undo', { startedAt: WEDNESDAY!, ...undo });

    expect(await findRunFolder(reports.path, 'last', 'undo')).toBe(older);
    expect(await findRunFolder(reports.path, 'last', 'verify')).toBe(join(reports.path, 'newer'));
  });

  it.each<[what: string, run: WrittenRun, undo: WrittenRun | undefined]>([
    ['was undone in part', { created: 2 }, { command: 'undo', removed: 1, end: { exitCode: 1 } }],
    ['has an undo that was interrupted', { created: 2 }, { command: 'undo', end: undefined }],
    ['has an unknown outcome, which undo will name', { inDoubt: 1, end: undefined }, undefined],
  ])('to be undone is a run that %s', async (_, run, undo) => {
    const reports = await reportsFolder();
    await reports.run('older', { startedAt: MONDAY!, created: 1 });
    const newer = await reports.run('newer', { startedAt: TUESDAY!, ...run });
    if (undo !== undefined) await reports.run('newer-undo', { startedAt: WEDNESDAY!, ...undo });

    expect(await findRunFolder(reports.path, 'last', 'undo')).toBe(newer);
  });

  it('to be undone is refused when there is no such run', async () => {
    const reports = await reportsFolder();
    await expect(findRunFolder(reports.path, 'last', 'undo')).rejects.toThrow(/There is no run in/);
    await reports.run('empty');
    await expect(findRunFolder(reports.path, 'last', 'undo')).rejects.toThrow(/No run in .* can be undone/);
  });

  it('is a run of that name, if there is one', async () => {
    const reports = await reportsFolder();
    const named = await reports.run('last', { startedAt: MONDAY! });
    await reports.run('newer', { startedAt: TUESDAY! });

    expect(await findRunFolder(reports.path, 'last', 'report')).toBe(named);
  });
});

describe('a dry run', () => {
  it.each<[RunPurpose, string]>([
    ['undo', 'It changed nothing, so there is nothing to undo.'],
    ['verify', 'It changed nothing, so there is nothing to verify.'],
    ['activate', 'It created no users, so there is nothing to activate.'],
    ['resume', 'It has come to its end, so there is nothing to resume.'],
    ['report', 'Its report is complete: '],
  ])('that is named to %s is described, with the command that imports the file', async (purpose, reason) => {
    const reports = await reportsFolder();
    const folder = reports.dryRun('check', { file: 'new people.csv' });

    for (const name of ['check', 'che', 'last', folder]) {
      await expect(findRunFolder(reports.path, name, purpose)).rejects.toMatchObject({
        code: 'ERR_RUN_FOLDER',
        message: expect.stringContaining(`check is a dry run (validate) of new people.csv. ${reason}`),
        hint: "Run this to import the file: okta-csv-import import 'new people.csv'",
      });
    }
  });

  it('of sync is described with the command that syncs the file', async () => {
    const reports = await reportsFolder();
    reports.dryRun('2026-11-24T02-00-00Z-plan-staff', { file: 'staff.csv', dataset: 'staff' });

    await expect(findRunFolder(reports.path, '2026', 'undo')).rejects.toMatchObject({
      message: expect.stringContaining('is a dry run (sync --dry-run) of staff.csv. It changed nothing'),
      hint: 'Run this to import the file: okta-csv-import sync staff.csv --dataset staff',
    });
  });

  it('of stdin is described with the command that reads stdin', async () => {
    const reports = await reportsFolder();
    reports.dryRun('check', { file: 'standard input' });

    await expect(findRunFolder(reports.path, 'check', 'undo')).rejects.toMatchObject({
      hint: 'Run this to import the file: okta-csv-import import -',
    });
  });

  it('of a file that was imported leads to the import', async () => {
    const reports = await reportsFolder();
    reports.dryRun('check', { sha256: 'cd' });
    await reports.run('other', { sha256: 'ab' });
    const run = await reports.run('monday', { sha256: 'cd', created: 1 });

    await expect(findRunFolder(reports.path, 'check', 'undo')).rejects.toMatchObject({
      hint: `Use the import of the same file instead: okta-csv-import undo ${run}`,
    });
    await expect(findRunFolder(reports.path, 'check', 'resume')).rejects.toMatchObject({
      hint: `Use the import of the same file instead: okta-csv-import report ${run}`,
    });
  });

  it('that was interrupted is not resumed, and has no report', async () => {
    const reports = await reportsFolder();
    reports.dryRun('check', { isUnfinished: true });

    await expect(findRunFolder(reports.path, 'check', 'resume')).rejects.toMatchObject({
      message: 'check is a dry run (validate). It has not come to its end, but a dry run is not resumed.',
      hint: 'Run the same command again, or import the file.',
    });
    await expect(findRunFolder(reports.path, 'check', 'report')).rejects.toThrow(/so it has no report/);
  });

  it.each([
    '{"command":"validate"',
    '[]',
    '{"command":1}',
    '{"command":"validate","counts":{"total":"1"}}',
    'x'.repeat(2_000_000),
  ])('with a damaged summary is still a dry run: %.40s', async (summary) => {
    const reports = await reportsFolder();
    const folder = reports.dryRun('check', { isUnfinished: true });
    writeFileSync(join(folder, 'summary.json'), summary);

    await expect(findRunFolder(reports.path, 'check', 'undo')).rejects.toThrow(/check is a dry run/);
  });

  it('whose summary is a pipe or a link does not stop the search', async () => {
    const reports = await reportsFolder();
    const folder = reports.dryRun('piped', { isUnfinished: true });
    execFileSync('mkfifo', [join(folder, 'summary.json')]);
    symlinkSync('/etc/hostname', join(reports.dryRun('linked', { isUnfinished: true }), 'summary.json'));

    for (const name of ['piped', 'linked']) {
      await expect(findRunFolder(reports.path, name, 'undo')).rejects.toThrow(/is a dry run/);
    }
  });
});
