import { startSandbox } from '../../dist/index.js';

/** Limits that no plan reaches by accident. */
const NO_LIMITS = {
  limits: Object.fromEntries(
    ['/users', '/users/{id}', '/users/{id:.+}', ''].map((path) => [`/api/v1${path}`, 1e9]),
  ),
};
/** Searches and member lists are behind, as those of real orgs: no report may depend on them. */
const LAG = { searchLagMs: 2000, memberLagMs: 3000, deletionLagMs: 1000 };
const SEED_AGE_MS = 24 * 3_600_000;

/**
 * A sandbox org whose clock can be set forward, and the users in it that the program did not create.
 *
 * The clock starts `roomMs` in the past and never passes the real one, since the files that the program writes have real times.
 */
export async function startOrg({ roomMs = 0, seededProfiles = [], ...options }) {
  let shiftMs = -roomMs;
  let ageMs = SEED_AGE_MS;
  const sandbox = await startSandbox({
    now: () => Date.now() + shiftMs - ageMs,
    rateLimits: NO_LIMITS,
    concurrencyLimit: 1000,
    orgOptions: LAG,
    ...options,
    seed: { users: seededProfiles.map((profile) => ({ profile })) },
  });
  ageMs = 0;
  const others = { ids: new Set(), logins: new Set() };
  const addOther = ({ id, profile }) => {
    others.ids.add(id);
    others.logins.add(profile.login);
  };
  for (const user of sandbox.users()) addOther(user);
  return {
    sandbox,
    others,
    clock: {
      /** How far the clock is ahead of the real one. */
      shiftMs: () => shiftMs,
      setForward: (ms) => (shiftMs += ms),
    },
    /** Somebody else creates a user, whatever faults the org has. */
    async createByOther(profile) {
      for (;;) {
        const user = sandbox.findUser(profile.login);
        if (user !== undefined) return addOther(user);
        await fetch(`${sandbox.url}/api/v1/users`, {
          method: 'POST',
          headers: { Authorization: `SSWS ${sandbox.token}`, 'Content-Type': 'application/json' },
          body: JSON.stringify({ profile }),
        })
          .then((response) => response.arrayBuffer())
          .catch(() => {
            // A fault of the plan: try again unless it happened after the user was created.
          });
      }
    },
  };
}
