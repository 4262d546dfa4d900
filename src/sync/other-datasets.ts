import { OktaImportError } from '../errors.js';
import { quoted } from '../text.js';

import type { Member } from './dataset.js';
import { datasetNames, datasetPath, readDataset } from './dataset-file.js';
import { groupNamePattern } from './membership-plan.js';

/** A data set that has a person in its last file. */
interface Keeper {
  readonly name: string;
  /** `YYYY-MM-DD`; undefined before the end of its first run. */
  readonly lastDay: string | undefined;
  /** Undefined when it manages no groups. */
  readonly managedGroups: RegExp | undefined;
}

/**
 * What the other data sets of a reports folder know about users of the same org: a person can be in several files, and a leaver
 * of one of them has not left the others.
 */
export class OtherDatasets {
  readonly #keepers = new Map<string, Keeper>();
  /** When the last of them suspended a person who left, by Okta ID. */
  readonly #suspendedOn = new Map<string, string>();
  /** A data set whose state cannot be read: it may have anybody. */
  readonly unreadable: string | undefined;

  private constructor(unreadable: string | undefined) {
    this.unreadable = unreadable;
  }

  /** @throws {DatasetFileError} the folder cannot be read. */
  static async read(
    reports: string,
    { name: own, org }: { readonly name: string; readonly org: string },
  ): Promise<OtherDatasets> {
    const datasets = [];
    let unreadable: string | undefined;
    for (const name of await datasetNames(reports)) {
      // File systems may ignore the case of names.
      if (name.toLowerCase() === own.toLowerCase()) continue;
      try {
        const dataset = await readDataset(datasetPath(reports, name));
        if (dataset?.header.org === org) datasets.push(dataset);
      } catch (error) {
        if (!(error instanceof OktaImportError)) throw error;
        unreadable ??= name;
      }
    }
    const others = new OtherDatasets(unreadable);
    for (const dataset of datasets) {
      const { name, lastRun, managedGroups = [] } = dataset.header;
      const keeper = {
        name,
        lastDay: lastRun?.at.slice(0, 10),
        managedGroups: managedGroups.length === 0 ? undefined : groupNamePattern(managedGroups),
      };
      for (const member of dataset.members()) others.#add(member, keeper);
    }
    return others;
  }

  #add({ oktaId, left, leftOn, missingSince, seen }: Member, keeper: Keeper): void {
    if (left === undefined && missingSince === undefined) this.#keepers.set(oktaId, keeper);
    if (left !== 'suspended') return;
    const day = leftOn ?? missingSince ?? seen;
    const known = this.#suspendedOn.get(oktaId);
    if (known === undefined || known < day) this.#suspendedOn.set(oktaId, day);
  }

  /** Why a user who has left this data set stays as it is, as the end of a sentence; undefined when nothing keeps it. */
  keptBecause(oktaId: string): string | undefined {
    const keeper = this.#keepers.get(oktaId);
    if (keeper !== undefined) {
      const lastRun = keeper.lastDay === undefined ? '' : ` (last run on ${keeper.lastDay})`;
      return `because data set ${quoted(keeper.name)} has the person${lastRun}`;
    }
    if (this.unreadable === undefined) return undefined;
    return `because the state of data set ${quoted(this.unreadable)}, which may have the person, cannot be read`;
  }

  /** Whether another data set that has a person manages a group, too, and so decides about it as well. */
  managesGroup(oktaId: string, groupName: string): boolean {
    return this.#keepers.get(oktaId)?.managedGroups?.test(groupName) === true;
  }

  /**
   * Whether a suspended user was suspended as a leaver of another data set.
   *
   * @param member - what this data set knows. If it has seen the person since, somebody else has suspended the user.
   */
  isSuspendedLeaver(oktaId: string, member: Pick<Member, 'seen'> | undefined): boolean {
    const day = this.#suspendedOn.get(oktaId);
    return day !== undefined && (member === undefined || member.seen <= day);
  }
}
