import type { ScopeNeeds } from '../okta/auth/authenticator.js';

import type { FoundSetting } from './layers.js';

/**
 * The scopes to ask for: the least that the command can do with. Scopes that were set are a ceiling: of them the
 * command's are asked for, `manage` in place of `read` where only that is among them ("manage includes read": OAuth for
 * Okta, Scopes).
 */
export function scopesToAskFor(
  needs: ScopeNeeds,
  found: FoundSetting | undefined,
): { readonly scopes: ScopeNeeds; readonly missing?: string | undefined } {
  if (found === undefined) return { scopes: needs };
  const set = found.value.split(/[\s,]+/).filter((scope) => scope !== '');
  const covering = (scope: string): string[] => {
    if (set.includes(scope)) return [scope];
    const wider = scope.replace(/\.read$/, '.manage');
    return set.includes(wider) ? [wider] : [];
  };
  const missing = needs.required.filter((scope) => covering(scope).length === 0);
  return {
    scopes: {
      required: needs.required.flatMap(covering),
      optional: [...new Set(needs.optional.flatMap(covering))],
    },
    missing:
      missing.length === 0
        ? undefined
        : `${found.from} leaves out ${missing.join(' and ')}, which this command needs: add it, or leave the setting out and each command asks for what it needs.`,
  };
}
