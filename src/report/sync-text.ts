import { plural } from '../text.js';

import type { SyncCounts } from './summary.js';

/** `Data set staff: 3 joiners, 1 leaver.` */
export function syncText({ dataset, ...counts }: SyncCounts): string {
  const { joiners, movers, renames, keptEdits, leavers, returners, adopted } = counts;
  const parts = [
    [joiners, plural(joiners, 'joiner')],
    [movers, `${plural(movers, 'mover')}${renames > 0 ? ` (${plural(renames, 'rename')})` : ''}`],
    [leavers, plural(leavers, 'leaver')],
    [returners, plural(returners, 'returner')],
    [adopted, `${plural(adopted, 'user')} adopted`],
    [keptEdits, `edits kept in Okta for ${plural(keptEdits, 'user')}`],
  ] as const;
  const present = parts.filter(([people]) => people > 0).map(([, text]) => text);
  return `Data set ${dataset}: ${present.join(', ') || 'no changes'}.`;
}
