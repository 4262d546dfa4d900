import { OktaImportError } from '../errors.js';
import type { GroupResolver } from '../org/group-resolver.js';
import { listNotationOf } from '../rows/group-list.js';
import { EVERYONE_MESSAGE, groupNameProblem, isEveryone } from '../rows/group-name.js';
import { quoted } from '../text.js';

import type { ResolvedOptions } from './options.js';

/** `--group` names a group that no row can be added to. */
export class GroupOptionError extends OktaImportError {
  override readonly code = 'ERR_GROUP_OPTION';
}

/** The org failed to tell whether it has a group of `--group`. */
export class GroupLookupError extends OktaImportError {
  override readonly code = 'ERR_GROUP_LOOKUP';
  /** Worth a retry. */
  override readonly exitCode = 3;
}

/**
 * Checks the groups that every user joins, before anything is sent: otherwise every row would have the same problem.
 *
 * @param groupResolver - undefined offline, where only the names are checked.
 * @throws {GroupOptionError | GroupLookupError}
 * @throws what would fail for every group.
 */
export async function assertGroupOption(
  { groups, createGroups }: Pick<ResolvedOptions, 'groups' | 'createGroups'>,
  groupResolver: GroupResolver | undefined,
  signal: AbortSignal,
): Promise<void> {
  for (const group of groups) {
    const problem = groupNameProblem(group);
    if (problem !== undefined) throw refused(problem);
    if (groupResolver === undefined) {
      // The org may have another group of that name.
      if (isEveryone(group)) throw refused(EVERYONE_MESSAGE);
      continue;
    }
    const resolved = await groupResolver.group(group, { signal });
    if ('failure' in resolved) {
      throw new GroupLookupError(`--group: ${resolved.message}`, {
        hint: resolved.failure.hint,
        cause: resolved.failure,
      });
    }
    const isMissing = 'missing' in resolved || 'isMissing' in resolved;
    if (isMissing && listNotationOf(group) !== undefined) throw severalGroups(group);
    if (!('problem' in resolved)) continue;
    if (!isMissing) throw refused(resolved.problem);
    const [closest] = await groupResolver.similarNames(group, { signal });
    const hint = closest === undefined ? '' : ` Did you mean ${quoted(closest)}?`;
    throw new GroupOptionError(`--group: The org has no group ${quoted(group)}.${hint}`, {
      hint: createGroups
        ? 'Correct the ID.'
        : 'Correct the name (it is case-sensitive), or create missing groups with --create-groups. Nothing was sent.',
    });
  }
}

function refused(problem: string): GroupOptionError {
  return new GroupOptionError(`--group: ${problem}`, { hint: 'Correct --group. Nothing was sent.' });
}

function severalGroups(group: string): GroupOptionError {
  return new GroupOptionError(
    `--group: The org has no group ${quoted(group)}, which looks like several groups.`,
    { hint: 'Give --group once for each group. Nothing was sent.' },
  );
}
