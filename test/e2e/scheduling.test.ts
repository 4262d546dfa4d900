import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';

import { startSandbox } from '../../src/sandbox/server.js';
import { orgSettings } from '../helpers/cli.js';
import { cli } from '../helpers/in-process-cli.js';
import { peopleCsv } from '../helpers/people.js';
import { workplace } from '../helpers/workplace.js';

const example = (name: string): string => readFileSync(join('docs/examples', name), 'utf8');
const page = readFileSync('docs/scheduling.md', 'utf8');

const crontab = example('crontab');
const service = example('systemd/okta-csv-import.service');
const timer = example('systemd/okta-csv-import.timer');
const workflow = parse(example('github-actions.yml')) as Workflow;
const cronJob = parse(example('kubernetes/cronjob.yaml')) as CronJob;
const container = cronJob.spec.jobTemplate.spec.template.spec.containers[0]!;

interface Workflow {
  readonly concurrency: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly steps: readonly { readonly run?: string; readonly env?: Record<string, string> }[] }
    >
  >;
}

interface CronJob {
  readonly spec: {
    readonly concurrencyPolicy: string;
    readonly jobTemplate: {
      readonly spec: {
        readonly podFailurePolicy: {
          readonly rules: readonly { readonly onExitCodes: { readonly values: number[] } }[];
        };
        readonly template: {
          readonly spec: {
            readonly containers: readonly {
              readonly args: readonly string[];
              readonly env: readonly { readonly name: string; readonly value: string }[];
              readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
            }[];
          };
        };
      };
    };
  };
}

const imported = workflow.jobs['import']!.steps.find(({ run }) => run?.includes('okta-csv-import'))!;

/** The arguments after the program's name. */
function argumentsIn(line: string): string[] {
  return line.split('okta-csv-import import ')[1]!.split(' ');
}

const commandLines: [string, readonly string[]][] = [
  ['crontab', ['import', ...argumentsIn(/^30 2 .*$/m.exec(crontab)![0])]],
  ['systemd', ['import', ...argumentsIn(/^ExecStart=.*$/m.exec(service)![0])]],
  ['GitHub Actions', ['import', ...argumentsIn(imported.run!)]],
  ['Kubernetes', container.args],
  ['flock', ['import', ...argumentsIn(/^flock .*$/m.exec(page)![0])]],
];

it.each(commandLines)(
  'the command of %s creates people, finds them the next night, and says nothing',
  async (_, args) => {
    const okta = await startSandbox();
    onTestFinished(() => okta.close());
    const at = workplace();
    at.file('people.csv', peopleCsv(3));
    const here = args.map((word) => (word.endsWith('people.csv') ? 'people.csv' : word));
    const night = () => cli(here, { at, env: orgSettings(okta) });

    const first = await night();
    at.file('people.csv', peopleCsv(4, { title: 'Baker' }));
    const second = await night();

    for (const { exitCode, stdout, stderr } of [first, second]) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
      // JSON events are for log collectors; text is printed only when something is wrong.
      expect(args.includes('json') || stderr === '').toBe(true);
    }
    expect(okta.users().map(({ profile }) => profile['title'])).toEqual(['Baker', 'Baker', 'Baker', 'Baker']);
  },
);

describe('the systemd units', () => {
  /** `Key=value` lines by key. */
  const settings = new Map(
    [...service.matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!] as const),
  );

  it('are valid for systemd', async ({ annotate }) => {
    const at = workplace();
    const program = join(at.folder, at.file('okta-csv-import', '#!/bin/sh\n'));
    chmodSync(program, 0o755);
    const units = [
      at.file('okta-csv-import.service', service.replace('/usr/local/bin/okta-csv-import', program)),
      at.file('okta-csv-import.timer', timer),
    ];
    const verified = spawnSync('systemd-analyze', ['verify', ...units.map((unit) => join(at.folder, unit))], {
      encoding: 'utf8',
    });
    const isChecked = verified.error === undefined;
    // Checked even without systemd: each line is a section, a comment, or a setting.
    const strays = `${service}\n${timer}`
      .split('\n')
      .filter((line) => line !== '' && !/^(\[(Unit|Service|Timer|Install)\]|# .*|[A-Z]\w*=.*)$/.test(line));
    expect(strays).toEqual([]);
    // It succeeds with unknown keys, but prints a warning.
    expect(isChecked ? verified.stderr + verified.stdout : '').toBe('');
    expect(isChecked ? verified.status : 0).toBe(0);
    await annotate(
      isChecked
        ? 'Checked by systemd-analyze verify.'
        : 'There is no systemd-analyze here: only the form of the lines was checked, not their keys.',
      isChecked ? 'notice' : 'warning',
    );
  });

  it('retry exactly the exit codes for which a retry helps', () => {
    expect(settings.get('Restart')).toBe('on-failure');
    expect(settings.get('RestartPreventExitStatus')).toBe('1 2');
    expect(settings.get('SuccessExitStatus')).toBe('4 143');
  });

  it('pass the token as a file of its own', () => {
    const name = /^(\S+):\/etc\//.exec(settings.get('LoadCredential')!)![1]!;

    expect(service).toContain(`Environment=OKTA_CLIENT_TOKENFILE=%d/${name}\n`);
  });
});

it('the workflow passes the token as a secret and prevents overlapping runs', () => {
  expect(imported.env!['OKTA_CLIENT_TOKEN']).toBe('${{ secrets.OKTA_CLIENT_TOKEN }}');
  expect(workflow.concurrency).toEqual({ group: 'okta-users', 'cancel-in-progress': false });
});

it('the job retries exactly the exit codes for which a retry helps', () => {
  const { podFailurePolicy } = cronJob.spec.jobTemplate.spec;

  expect(podFailurePolicy.rules.map(({ onExitCodes }) => onExitCodes.values)).toEqual([[1, 2, 4]]);
  expect(cronJob.spec.concurrencyPolicy).toBe('Forbid');
});

it('the job reads the token from where the secret is mounted', () => {
  const { value } = container.env.find(({ name }) => name === 'OKTA_CLIENT_TOKENFILE')!;
  const { mountPath } = container.volumeMounts.find(({ name }) => name === 'token')!;

  expect(value.startsWith(`${mountPath}/`)).toBe(true);
  // reports/ is in the working directory of the image.
  expect(readFileSync('Containerfile', 'utf8')).toContain('\nWORKDIR /data\n');
  expect(container.volumeMounts.some((mount) => mount.mountPath === '/data')).toBe(true);
});

it('the page shows the example crontab, and names files that exist', () => {
  expect(page).toContain(`\`\`\`text\n${crontab}\`\`\`\n`);
  const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link!);
  expect(links.filter((link) => !existsSync(join('docs', link)))).toEqual([]);
});

it.each([
  ['the page', /^find .*$/m.exec(page)![0]],
  ['the crontab', /find .*$/m.exec(crontab)![0].replaceAll('/var/lib/okta-csv-import/', '')],
  [
    'the unit',
    /find .*$/m
      .exec(service)![0]
      .replaceAll('%S/okta-csv-import/', '')
      .replace(/ (20\S+)/, " '$1'"),
  ],
])('the command of %s deletes runs that are older than 90 days, and nothing else', (_, command) => {
  const at = workplace();
  const now = Date.now() / 1000;
  for (const [name, ageDays] of [
    ['2026-01-01T02-00-00Z-people', 92],
    ['2026-04-01T02-00-00Z-people', 80],
    ['my-pilot', 400],
  ] as const) {
    const folder = join(at.folder, 'reports', name);
    mkdirSync(folder, { recursive: true });
    at.file(`reports/${name}/journal.ndjson`, '');
    utimesSync(folder, now - ageDays * 86_400, now - ageDays * 86_400);
  }

  execFileSync('/bin/sh', ['-c', command], { cwd: at.folder });

  expect(readdirSync(join(at.folder, 'reports')).sort()).toEqual(['2026-04-01T02-00-00Z-people', 'my-pilot']);
});
