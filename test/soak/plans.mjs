/**
 * What goes wrong in each import of the soak.
 *
 * `p` is the probability of a fault for one request: larger in the short form, so that its few rows meet faults too.
 *
 * A plan may have `isUndone`: the run is undone afterwards, and nothing of it may be left.
 */
export function faultPlans({ rows, p, loginOf }) {
  const creates = (then, share = 1, more = {}) => ({
    on: 'createUser',
    then,
    probability: p * share,
    ...more,
  });
  const gatewayPages = (...statuses) =>
    statuses.map((status) => creates('html-body-after-commit', 0.4, { status }));
  const midway = Math.floor(rows / 2);
  const shortTimeout = ['--request-timeout', '0.6'];

  return [
    { name: 'no faults', isUndone: true },
    { name: 'latency 0-20 ms', sandbox: { latencyMs: { min: 0, max: 20 } } },
    { name: '500', sandbox: { faults: [creates('status-500')] } },
    { name: '502 and 504 pages', sandbox: { faults: [creates('status-502'), creates('status-504')] } },
    { name: '503', sandbox: { faults: [creates('status-503')] } },
    {
      name: 'read-only for 3 s',
      sandbox: { faults: [{ on: 'write', then: 'read-only', nth: midway, forMs: 3000 }] },
    },
    { name: 'reset before commit', sandbox: { faults: [creates('reset-before-commit')] } },
    { name: 'reset after commit', isUndone: true, sandbox: { faults: [creates('reset-after-commit')] } },
    { name: '500 after commit', sandbox: { faults: [creates('500-after-commit')] } },
    {
      name: '502, 504 after commit',
      sandbox: { faults: [creates('502-after-commit'), creates('504-after-commit')] },
    },
    {
      name: 'late response',
      flags: shortTimeout,
      sandbox: { faults: [creates('slow-after-commit', 0.3, { delayMs: 1500 })] },
    },
    {
      name: 'late commit',
      flags: shortTimeout,
      commitsLate: true,
      sandbox: { faults: [creates('slow-before-commit', 0.3, { delayMs: 4000 })] },
    },
    {
      // In a tenth of the time: 40 s, with pauses of up to 30 s between the attempts.
      name: 'commit after last attempt',
      waitsDividedBy: 10,
      commitsLate: true,
      lateMs: 4000,
      isUndone: true,
      sandbox: {
        faults: [
          ...[10, 20, 30].map((row) => ({
            on: 'createUser',
            login: loginOf(row),
            then: 'commit-later',
            delayMs: 4000,
          })),
          creates('commit-later', 0.3, { delayMs: 4000 }),
        ],
      },
    },
    { name: 'body cut off', sandbox: { faults: [creates('truncated-body')] } },
    {
      name: 'half JSON, no body',
      sandbox: { faults: [creates('half-json-body'), creates('empty-body')] },
    },
    {
      name: 'web pages with 200',
      sandbox: { faults: [creates('html-body-after-commit'), creates('html-body', 1, { status: 200 })] },
    },
    { name: 'gateway pages: 302, 401, 403', sandbox: { faults: gatewayPages(302, 401, 403) } },
    { name: 'gateway pages: 404, 405, 407', sandbox: { faults: gatewayPages(404, 405, 407) } },
    {
      name: 'gateway pages: other 4xx',
      isUndone: true,
      sandbox: { faults: gatewayPages(400, 413, 429, 431, 499) },
    },
    { name: 'POST sent twice', takesEvery: 41, sandbox: { faults: [creates('sent-twice', 3)] } },
    {
      name: 'POST sent twice, skip',
      importFlags: ['--if-exists', 'skip'],
      takesEvery: 41,
      isUndone: true,
      sandbox: { faults: [creates('sent-twice', 3)] },
    },
    { name: '429 without headers', sandbox: { faults: [creates('429-no-headers', 0.1)] } },
    { name: '429, reset in the past', sandbox: { faults: [creates('429-reset-in-past', 0.1)] } },
    {
      name: '429, too many in flight',
      sandbox: {
        concurrencyLimit: 6,
        latencyMs: { min: 1, max: 5 },
        faults: [creates('429-concurrency', 0.3)],
      },
    },
    {
      name: 'short windows',
      sandbox: { rateLimits: { windowMs: 1000, limits: { '/api/v1/users': Math.ceil(rows / 4) } } },
    },
    {
      name: 'other clients in the bucket',
      sandbox: {
        rateLimits: { windowMs: 1000, limits: { '/api/v1/users': Math.ceil(rows / 3) } },
        faults: [creates('429-bucket-used-up', 0.05)],
      },
      everyMs: 100,
      meanwhile: (sandbox) => sandbox.consume('/api/v1/users', Math.ceil(rows / 100)),
    },
    {
      name: 'clock 10 min ahead',
      sandbox: { clockSkewMs: 600_000, faults: [creates('reset-after-commit'), creates('status-500')] },
    },
    {
      name: 'clock 10 min behind',
      sandbox: { clockSkewMs: -600_000, faults: [creates('500-after-commit'), creates('truncated-body')] },
    },
    {
      name: 'token revoked midway',
      sandbox: { faults: [{ on: 'createUser', then: 'revoke-token', nth: midway }] },
      endsEarly: true,
    },
    {
      name: '401 once, resumed',
      sandbox: {
        faults: [
          { on: 'createUser', then: 'okta-error', errorCode: 'E0000011', nth: midway },
          creates('reset-after-commit'),
        ],
      },
    },
    {
      name: 'disk full, resumed',
      sandbox: { faults: [creates('reset-after-commit')] },
      // Blocks of 512 bytes: enough for half of the journal.
      fileBlocks: Math.ceil(rows * 0.3),
    },
    {
      name: 'logins of existing users',
      sandbox: { faults: [creates('500-after-commit'), creates('reset-before-commit')] },
      takesEvery: 97,
      isUndone: true,
    },
    {
      name: 'temporary conflicts',
      sandbox: { faults: [creates('okta-error', 0.5, { errorCode: 'E0000112' })] },
    },
    {
      name: 'reads fail too',
      sandbox: {
        faults: [
          creates('reset-after-commit'),
          { on: 'getUser', then: 'status-500', probability: 0.1 },
          { on: 'getUser', then: 'truncated-body', probability: 0.1 },
        ],
      },
    },
    {
      name: 'everything at once',
      flags: shortTimeout,
      takesEvery: 499,
      sandbox: {
        clockSkewMs: 90_000,
        latencyMs: { min: 0, max: 10 },
        rateLimits: { windowMs: 1000, limits: { '/api/v1/users': Math.ceil(rows / 3) } },
        faults: [
          'status-500',
          'status-502',
          'reset-before-commit',
          'reset-after-commit',
          '500-after-commit',
          '504-after-commit',
          'truncated-body',
          'empty-body',
          'sent-twice',
          '429-concurrency',
          'duplicate-reset-header',
        ]
          .map((then) => creates(then, 0.2))
          .concat([
            creates('html-body-after-commit', 0.2, { status: 403 }),
            creates('slow-after-commit', 0.1, { delayMs: 1500 }),
            { on: 'getUser', then: 'status-503', probability: 0.1 },
          ]),
      },
    },
  ];
}

/** Imports, and other commands, that are killed again and again. `gapsMs`: how much later they may be started again. */
export function killPlans({ kills, fewKills, p }) {
  const seconds = 1000;
  const minutes = 60 * seconds;
  const hours = 60 * minutes;
  const faultsOf = (on) =>
    ['reset-after-commit', '500-after-commit', 'status-500', 'truncated-body'].map((then) => ({
      on,
      then,
      probability: p,
    }));
  const sandbox = { latencyMs: { min: 2, max: 20 }, faults: faultsOf('createUser') };
  const changes = ['createUser', 'updateUser', 'deleteUser', 'activateUser'];
  const anyChange = { latencyMs: { min: 2, max: 10 }, faults: faultsOf(changes) };
  return [
    { name: 'kill -9, resumed at once', kind: 'killed', kills, sandbox },
    {
      name: 'kill -9, resumed later',
      kind: 'killed',
      kills: fewKills,
      gapsMs: [61 * seconds, 11 * minutes, 3 * hours],
      isUndone: true,
      sandbox,
    },
    {
      // Others create users with the same logins, but other profiles, while attempts of the run may still be processed.
      name: 'others within a minute',
      kind: 'killed',
      kills: fewKills,
      gapsMs: [20 * seconds, 55 * seconds],
      others: { afterMs: 10 * seconds, sameProfile: false },
      isUndone: true,
      sandbox,
    },
    {
      // The same profiles, when no attempt is expected to be processed any more.
      name: 'others after a minute',
      kind: 'killed',
      kills: fewKills,
      gapsMs: [2 * minutes, 8 * minutes],
      others: { afterMs: 1 * minutes, sameProfile: true },
      isUndone: true,
      sandbox,
    },
    {
      name: 'others hours later',
      kind: 'killed',
      kills: fewKills,
      gapsMs: [5 * hours, 10 * hours],
      others: { afterMs: 4 * hours, sameProfile: true },
      isUndone: true,
      sandbox: { ...sandbox, clockSkewMs: 90 * seconds },
    },
    { name: 'power failure', kind: 'killed', kills: fewKills, losesUnsynced: true, sandbox },
    {
      name: 'power failure, others later',
      kind: 'killed',
      kills: fewKills,
      losesUnsynced: true,
      gapsMs: [2 * hours],
      others: { afterMs: 1 * hours, sameProfile: true },
      isUndone: true,
      sandbox,
    },
    { name: 'SIGTERM, resumed', kind: 'killed', kills: fewKills, signal: 'SIGTERM', sandbox },
    // What both runs sent within seconds, without a response, may stay in doubt.
    { name: 'second run at once', kind: 'two runs', mayStayUnknown: true, sandbox },
    { name: 'second run', kind: 'two runs', gapsMs: [10 * seconds], sandbox },
    { name: 'second run, other folder', kind: 'two runs', isElsewhere: true, gapsMs: [5 * minutes], sandbox },
    {
      name: 'update and undo killed',
      kind: 'update',
      kills: fewKills,
      gapsMs: [0, 61 * seconds, 2 * hours],
      sandbox: anyChange,
    },
    {
      name: 'activate and undo killed',
      kind: 'activate',
      kills: fewKills,
      gapsMs: [0, 61 * seconds, 2 * hours],
      sandbox: anyChange,
    },
  ];
}
