/**
 * The faults of the soak. Each plan is one import into an org with these faults.
 *
 * `p` is the probability of a fault per request. It is larger in the short form, so that its few rows are affected too.
 */
export function plansOf({ rows, p }) {
  const creates = (then, share = 1, more = {}) => ({
    on: 'createUser',
    then,
    probability: p * share,
    ...more,
  });
  const midway = Math.floor(rows / 2);
  const impatient = ['--request-timeout', '0.6'];

  return [
    { name: 'nothing wrong' },
    { name: 'latency 0-20 ms', sandbox: { latencyMs: { min: 0, max: 20 } } },
    { name: '500', sandbox: { faults: [creates('status-500')] } },
    { name: '502 and 504 pages', sandbox: { faults: [creates('status-502'), creates('status-504')] } },
    { name: '503', sandbox: { faults: [creates('status-503')] } },
    {
      name: 'read-only for 3 s',
      sandbox: { faults: [{ on: 'write', then: 'read-only', nth: midway, forMs: 3000 }] },
    },
    { name: 'reset before commit', sandbox: { faults: [creates('reset-before-commit')] } },
    { name: 'reset after commit', sandbox: { faults: [creates('reset-after-commit')] } },
    { name: '500 after commit', sandbox: { faults: [creates('500-after-commit')] } },
    {
      name: '502, 504 after commit',
      sandbox: { faults: [creates('502-after-commit'), creates('504-after-commit')] },
    },
    {
      name: 'late response',
      flags: impatient,
      sandbox: { faults: [creates('slow-after-commit', 0.3, { delayMs: 1500 })] },
    },
    {
      name: 'late commit',
      flags: impatient,
      sandbox: { faults: [creates('slow-before-commit', 0.3, { delayMs: 4000 })] },
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
    { name: '429 without headers', sandbox: { faults: [creates('429-no-headers', 0.1)] } },
    { name: '429, reset in the past', sandbox: { faults: [creates('429-reset-in-past', 0.1)] } },
    {
      name: '429 in flight',
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
      name: 'others in the bucket',
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
      name: 'logins taken by others',
      sandbox: { faults: [creates('500-after-commit'), creates('reset-before-commit')] },
      takesEvery: 97,
    },
    {
      name: 'temporary conflicts',
      sandbox: { faults: [creates('okta-error', 0.5, { errorCode: 'E0000112' })] },
    },
    {
      name: 'reading back fails too',
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
      flags: impatient,
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
          '429-concurrency',
          'duplicate-reset-header',
        ]
          .map((then) => creates(then, 0.2))
          .concat([
            creates('slow-after-commit', 0.1, { delayMs: 1500 }),
            { on: 'getUser', then: 'status-503', probability: 0.1 },
          ]),
      },
    },
  ];
}

/** The faults of an import that is killed repeatedly: enough that some kills happen while rows are in doubt. */
export function faultsUnderKills(p) {
  return ['reset-after-commit', '500-after-commit', 'status-500', 'truncated-body'].map((then) => ({
    on: 'createUser',
    then,
    probability: p,
  }));
}
