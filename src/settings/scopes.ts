import type { ScopeNeeds } from '../okta/auth/authenticator.js';
import { listOf } from '../text.js';

import type { FoundSetting } from './layers.js';

/**
 * The scopes to request: the least that the command needs. Scopes in the settings are a ceiling: `manage` is requested
 * instead of `read` where only that is among them ("manage includes read": OAuth for Okta, Scopes).
 */
export function scopesToRequest(
  needs: ScopeNeeds,
  setting: FoundSetting | undefined,
): { readonly scopes: ScopeNeeds; readonly problem?: string | undefined } {
  if (setting === undefined) return { scopes: needs };
  const allowed = setting.value.split(/[\s,]+/).filter((scope) => scope !== '');
  const covering = (scope: string): string[] => {
    if (allowed.includes(scope)) return [scope];
    const wider = scope.replace(/\.read$/, '.manage');
    return allowed.includes(wider) ? [wider] : [];
  };
  const missing = needs.required.filter((scope) => covering(scope).length === 0);
  return {
    scopes: {
      required: needs.required.flatMap(covering),
      optional: [...new Set([...needs.optional, ...(needs.ifNamed ?? [])].flatMap(covering))],
    },
    problem:
      missing.length === 0
        ? undefined
        : `${setting.from} does not include ${listOf(missing)}, which this command requires. Add the missing scopes, or unset it so that each command requests the scopes it needs.`,
  };
}
