/** What to do about a failure whose own words do not say it; by the code of the failed row, and part of its message. */
const OKTA_ERROR_HINTS: readonly {
  readonly code: string;
  readonly about?: RegExp;
  readonly advice: string;
}[] = [
  {
    code: 'E0000001',
    about: /has this .* already/,
    advice:
      'Take the row out, or give the person another login; --if-exists says what to do with people who are there.',
  },
  {
    code: 'E0000001',
    about: /password/i,
    advice:
      "Choose a password that meets the org's policy (Security > Authenticators > Password), or leave it out and let people set theirs.",
  },
  {
    code: 'E0000006',
    advice:
      'The admin whose credentials are used may not do this to this person or group: give the role that right, or leave the row out.',
  },
  {
    code: 'E0000007',
    advice: 'Something that the row names was deleted meanwhile: check its groups and its user type.',
  },
  { code: 'E0000014', advice: "Choose credentials that meet the org's policy, and import failed.csv." },
  { code: 'E0000023', advice: 'The person comes from a directory or an HR system: change them there.' },
  {
    code: 'E0000038',
    advice:
      "Look at the person's status in Directory > People: suspended or deactivated people cannot be changed this way.",
  },
  { code: 'E0000060', advice: 'Leave Everyone and groups of applications out: nobody is put there by hand.' },
  {
    code: 'E0000077',
    advice:
      'Leave the column out (--ignore-columns), or make the attribute writable in Directory > Profile Editor.',
  },
  { code: 'E0000078', advice: 'Leave the column out (--ignore-columns): the attribute never changes.' },
  {
    code: 'E0000080',
    advice: "Choose a password that meets the org's policy (Security > Authenticators > Password).",
  },
  { code: 'E0000093', advice: 'Name at most 20 groups in the row; add the others afterwards.' },
  { code: 'E0000107', advice: "Look at the person's status in Directory > People." },
  { code: 'E0000112', advice: 'Wait a few minutes, and import failed.csv.' },
  {
    code: 'E0000179',
    advice:
      'A required attribute comes from another system: make it optional in Directory > Profile Editor, or create people there.',
  },
  {
    code: 'ERR_OKTA_CONNECTION',
    advice: 'The network or the org was away: import failed.csv when it is back.',
  },
  {
    code: 'HTTP_',
    advice: 'A gateway answered in place of Okta: check proxies on the way, and import failed.csv.',
  },
];

/** @returns one sentence, or undefined when the message says itself what to do. */
export function oktaErrorHint(code: string, message: string): string | undefined {
  const found = OKTA_ERROR_HINTS.find(
    (one) =>
      (one.code.endsWith('_') ? code.startsWith(one.code) : one.code === code) &&
      (one.about?.test(message) ?? true),
  );
  return found?.advice;
}
