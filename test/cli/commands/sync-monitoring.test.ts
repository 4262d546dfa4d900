import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { employee, nightly, staff, type Nightly } from '../../helpers/nightly.js';

const FILE = '--metrics-file=m.prom';

/** Values by name and labels. */
function metrics({ at }: Nightly): Readonly<Record<string, number>> {
  const lines = readFileSync(join(at.folder, 'm.prom'), 'utf8').matchAll(/^okta_csv_import_(\S+) (\S+)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name!, Number(value)]));
}

describe('the metrics of nights', () => {
  it('count people, and tell a night with bad rows from one that was stopped', async () => {
    const org = await nightly();
    await org.night(staff(10), [FILE]);
    const first = metrics(org);
    expect(first).toMatchObject({
      exit_code: 0,
      bad_rows: 0,
      'people{dataset="staff",change="joiners"}': 10,
    });

    const bad = [employee(1, { title: 'Chief' }), employee(2, { login: 'person 2' }), ...staff(10).slice(2)];
    expect(await org.night(bad, [FILE])).toMatchObject({ exitCode: 1 });
    const second = metrics(org);
    expect(second).toMatchObject({
      exit_code: 1,
      bad_rows: 1,
      'people{dataset="staff",change="movers"}': 1,
      last_success_timestamp_seconds: first['last_success_timestamp_seconds'],
    });
    const { last_finished_timestamp_seconds: finished = 0 } = second;
    expect(finished).toBeGreaterThan(first['last_finished_timestamp_seconds'] ?? 0);

    expect(await org.night(staff(3), [FILE])).toMatchObject({ exitCode: 3 });
    const stopped = metrics(org);
    expect(stopped).toMatchObject({ exit_code: 3, last_finished_timestamp_seconds: finished });
    expect(stopped['start_timestamp_seconds']).toBeGreaterThan(second['start_timestamp_seconds'] ?? 0);
    expect(stopped).not.toHaveProperty('bad_rows');
  });

  it('have every name that the sample alerts use', async () => {
    const org = await nightly();
    await org.night([employee(1, { firstName: '' }), ...staff(3).slice(1)], [FILE]);
    const known = Object.keys(metrics(org)).map((name) => `okta_csv_import_${name.replace(/\{.*/, '')}`);
    const [, yaml = ''] =
      /```yaml\n(groups:\n.*?)```/s.exec(readFileSync('docs/monitoring.md', 'utf8')) ?? [];
    const { groups } = parse(yaml) as { groups: { rules: { expr: string }[] }[] };
    const used = groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => expr.match(/okta_\w+/g) ?? []));

    expect(used.length).toBeGreaterThan(4);
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
  });
});

it('an org that is down when the night starts is exit code 3, which a scheduler retries', async () => {
  const org = await nightly();
  await org.night(staff(3));
  await org.okta.close();

  const night = await org.night(staff(3), ['--give-up-after=1']);

  expect(night).toMatchObject({ exitCode: 3, stdout: '' });
});
