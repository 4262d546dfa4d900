import { expect, it } from 'vitest';

import { MailPlanner } from '../../src/engine/mail-plan.js';

function domainsOf(...emails: readonly string[]): string[] {
  const planner = new MailPlanner();
  for (const email of emails) planner.add({ profile: { login: email, email } });
  return planner.plan().domains.map(({ domain, mails }) => `${mails} ${domain}`);
}

it('counts a domain once, however it is spelled', () => {
  expect(
    domainsOf(
      'ana@bücher.example',
      'bo@BÜCHER.Example',
      'chi@bu\u0308cher.example',
      'dag@xn--bcher-kva.example',
      'eva@mail.XN--BCHER-KVA.example',
      'fay@Example.COM',
      'gil@example.com',
    ),
  ).toEqual(['4 bücher.example', '2 example.com', '1 mail.bücher.example']);
});

it.each(['127.1', '0x7f.1', 'xn--zzzzzz99999.example', 'xn--iñvalid.example', 'ex ample.com', 'a_b.example'])(
  'what is no international domain is counted as it is: %s',
  (domain) => {
    expect(domainsOf(`ana@${domain}`)).toEqual([`1 ${domain}`]);
  },
);

it('different domains that look alike are counted apart', () => {
  expect(domainsOf('ana@faß.example', 'bo@fass.example', 'chi@exаmple.com', 'dag@example.com')).toHaveLength(
    4,
  );
});
