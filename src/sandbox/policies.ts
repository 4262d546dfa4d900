import { fieldError } from './okta-error.js';
import { ok, type Call, type OperationResult } from './operations.js';
import type { Org } from './org.js';
import { completePolicy, type PasswordPolicy } from './passwords.js';

/** `GET /api/v1/policies?type=PASSWORD`: those of groups come before that of the org. */
export function listPolicies(org: Org, { query, origin }: Call): OperationResult {
  if (query.get('type') !== 'PASSWORD') throw fieldError('type', 'The sandbox only has password policies');
  const groups = [...org.groups.all()].filter(({ passwordPolicy }) => passwordPolicy !== undefined);
  const { created } = org.defaultUserType;
  const policies = [
    ...groups.map(({ name, oktaId, passwordPolicy }) => ({ name, policy: passwordPolicy, groups: [oktaId] })),
    { name: 'Default Policy', policy: org.options.passwordPolicy, groups: [] as string[] },
  ];
  return ok(
    policies.map(({ name, policy, groups: include }, index) => {
      const id = `00pSaNdBoX${String(index + 1).padStart(10, '0')}`;
      return {
        id,
        status: 'ACTIVE',
        name,
        description: name,
        priority: index + 1,
        system: index === policies.length - 1,
        conditions: { people: { groups: { include } }, authProvider: { provider: 'OKTA' } },
        created,
        lastUpdated: created,
        settings: { password: { complexity: complexityOf(policy) } },
        _links: { self: { href: `${origin}/api/v1/policies/${id}`, hints: { allow: ['GET', 'PUT'] } } },
        type: 'PASSWORD',
      };
    }),
  );
}

function complexityOf(policy: PasswordPolicy | undefined): object {
  const { minLength, needsLowerCase, needsUpperCase, needsNumber, needsSymbol, excludesUsername } =
    completePolicy(policy);
  return {
    minLength,
    minLowerCase: Number(needsLowerCase),
    minUpperCase: Number(needsUpperCase),
    minNumber: Number(needsNumber),
    minSymbol: Number(needsSymbol),
    excludeUsername: excludesUsername,
    dictionary: { common: { exclude: false } },
    excludeAttributes: [],
  };
}
