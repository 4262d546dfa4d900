import type { OktaClient } from '../okta/client.js';
import type { PasswordPolicy } from '../okta/types.js';

/** What a password has to be for every policy of an org: which of them applies to a user depends on groups that may change. */
export interface PasswordRules {
  readonly minLength: number;
  /** Name of the policy that asks for this length; undefined for none. */
  readonly longestPolicy: string | undefined;
  /** How many characters of each kind it has, at least. */
  readonly minLowerCase: number;
  readonly minUpperCase: number;
  readonly minNumber: number;
  readonly minSymbol: number;
  /** Attributes whose values are no part of it. */
  readonly excludedAttributes: readonly string[];
}

/** Okta asks for none or one; four kinds of so many leave room in the 72 characters of a password. */
const MAX_OF_KIND = 15;

/** Stricter than Okta's Default Password Policy, which asks for no symbol. */
export const DEFAULT_PASSWORD_RULES: PasswordRules = {
  minLength: 0,
  longestPolicy: undefined,
  minLowerCase: 1,
  minUpperCase: 1,
  minNumber: 1,
  minSymbol: 1,
  excludedAttributes: ['firstName', 'lastName'],
};

/**
 * Reads them, as far as the credentials allow. Policies for users whose passwords are in a directory are left out. A common
 * password (`dictionary`) cannot come up by chance.
 *
 * @returns undefined when the policies cannot be read. Never throws but for the signal.
 * @see Policies, "List all policies"
 */
export async function readPasswordRules(
  client: Pick<OktaClient, 'listPasswordPolicies'>,
  signal: AbortSignal,
): Promise<PasswordRules | undefined> {
  let rules = DEFAULT_PASSWORD_RULES;
  try {
    for await (const policy of client.listPasswordPolicies({ signal })) {
      const provider = policy.conditions?.authProvider?.provider ?? 'OKTA';
      const isOfDirectory = provider === 'ACTIVE_DIRECTORY' || provider === 'LDAP';
      if (policy.status === 'ACTIVE' && !isOfDirectory) rules = withPolicy(rules, policy);
    }
    return rules;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

function withPolicy(rules: PasswordRules, { name, settings }: PasswordPolicy): PasswordRules {
  const complexity = settings?.password?.complexity ?? {};
  const { minLength, minLowerCase, minUpperCase, minNumber, minSymbol, excludeAttributes } = complexity;
  return {
    minLength: larger(rules.minLength, minLength),
    longestPolicy: larger(rules.minLength, minLength) > rules.minLength ? name : rules.longestPolicy,
    minLowerCase: larger(rules.minLowerCase, minLowerCase, MAX_OF_KIND),
    minUpperCase: larger(rules.minUpperCase, minUpperCase, MAX_OF_KIND),
    minNumber: larger(rules.minNumber, minNumber, MAX_OF_KIND),
    minSymbol: larger(rules.minSymbol, minSymbol, MAX_OF_KIND),
    excludedAttributes: [
      ...new Set([
        ...rules.excludedAttributes,
        ...(Array.isArray(excludeAttributes) ? excludeAttributes : []),
      ]),
    ],
  };
}

function larger(one: number, other: number | null | undefined, max = Number.POSITIVE_INFINITY): number {
  return typeof other === 'number' && other > one ? Math.min(other, max) : one;
}
