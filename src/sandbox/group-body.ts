import type { GroupRecord } from './group-store.js';
import type { Call } from './operations.js';
import type { Org } from './org.js';

/** The body of a group. Unlike all other resources, groups have no `self` link. */
export function groupBody(org: Org, group: GroupRecord, call: Call): object {
  const href = `${call.origin}/api/v1/groups/${group.oktaId}`;
  const logo = (name: string): object => ({
    name,
    href: `${call.origin}/assets/img/logos/groups/${name}.png`,
    type: 'image/png',
  });
  return {
    id: group.oktaId,
    created: group.created,
    lastUpdated: group.lastUpdated,
    lastMembershipUpdated: group.lastMembershipUpdated,
    objectClass: ['okta:user_group'],
    type: group.type,
    profile: { name: group.name, description: group.description, ...group.custom },
    ...(call.query.get('expand') === 'stats'
      ? { _embedded: { stats: { usersCount: memberCount(org, group) } } }
      : {}),
    _links: {
      logo: [logo('medium'), logo('large')],
      users: { href: `${href}/users` },
      apps: { href: `${href}/apps` },
      owners: { href: `${href}/owners` },
    },
  };
}

function memberCount(org: Org, group: GroupRecord): number {
  return group === org.groups.everyone ? org.users.byId.size : org.memberships.sizeOf(group);
}
