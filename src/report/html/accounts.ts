import { sendsRows } from '../../journal/journal-line.js';

import { quoteForShell } from '../../text.js';

import { formatNumber, formatTime } from './format.js';
import { html, type Markup } from './html.js';
import type { RunView } from './run-text.js';

/** Who can sign in now, which emails were sent, and which groups people are in; undefined when nothing is known. */
export function renderAccounts(run: RunView): Markup | undefined {
  const figures = figuresOf(run).filter(({ users }) => users > 0);
  const groups = renderGroupList(run);
  if (figures.length === 0 && groups === undefined) return undefined;
  const items = figures.map(
    ({ users, label, note }) =>
      html`<div>
        <dt>${label}</dt>
        <dd><b>${formatNumber(users)}</b>${note === undefined ? undefined : html` <span>${note}</span>`}</dd>
      </div>`,
  );
  return html`<section class="card accounts" aria-labelledby="accounts-title">
    <h2 id="accounts-title">Sign-in, emails and groups</h2>
    ${items.length === 0 ? undefined : html`<dl class="figures">${items}</dl>`} ${asOf(run)} ${groups}
  </section>`;
}

/** People sign in after the run has ended, which changes the figures. */
function asOf({ summary, accounts, startedBy }: RunView): Markup | undefined {
  const { command, runId, finishedAt } = summary;
  if (!sendsRows({ command }) || accounts === undefined) return undefined;
  const time = formatTime(finishedAt, startedBy?.utcOffsetMinutes);
  return html`<p class="note">
    As of <time datetime="${finishedAt}">${time}</time>. For the figures of now, run:
    <code>okta-csv-import status ${quoteForShell(runId)}</code>
  </p>`;
}

interface Figure {
  readonly users: number;
  readonly label: string;
  readonly note?: string | undefined;
}

function figuresOf({ summary, accounts, sendsEmail }: RunView): readonly Figure[] {
  const { command, plan, counts } = summary;
  if (plan !== undefined) {
    return [
      {
        users: plan.activationMails,
        label: 'Activation emails to be sent',
        note: 'to users without a password',
      },
    ];
  }
  if (command === 'activate') {
    const note =
      sendsEmail === false
        ? 'no emails were sent'
        : 'Okta sent an activation email to those without a password';
    return [{ users: counts.activated, label: 'Activated', note }];
  }
  if (command === 'remind') {
    return [{ users: counts.reminded, label: 'Emails sent again', note: 'by Okta, in this run' }];
  }
  if (!sendsRows({ command }) || accounts === undefined) return [];
  const { canSignIn, pending, emailed, staged, blocked } = accounts;
  const writesLinks = sendsEmail === false;
  return [
    { users: canSignIn, label: 'Can sign in now' },
    {
      users: pending,
      label: 'Must choose a password first',
      note: `with the link in ${writesLinks ? 'the file (--links)' : 'the email from Okta'}`,
    },
    { users: writesLinks ? 0 : emailed, label: 'Activation emails sent', note: 'by Okta, in this run' },
    { users: staged, label: 'Not activated yet', note: 'staged; no email was sent' },
    { users: blocked, label: 'Cannot sign in', note: 'suspended, locked out or deactivated' },
  ];
}

const MAX_GROUPS = 50;

function renderGroupList({ groups = [], createdGroups = [] }: RunView): Markup | undefined {
  if (groups.length === 0) return undefined;
  const created = new Set(createdGroups);
  const items = groups.slice(0, MAX_GROUPS).map(({ group, users }) => {
    const note = created.has(group) ? ', created by this run' : '';
    return html`<li>
      <bdi>${group}</bdi> <span>${formatNumber(users)} ${users === 1 ? 'user' : 'users'}${note}</span>
    </li>`;
  });
  if (groups.length > MAX_GROUPS) {
    items.push(html`<li>and ${formatNumber(groups.length - MAX_GROUPS)} more</li>`);
  }
  return html`<h3>Groups</h3>
    <ul class="group-list">
      ${items}
    </ul>`;
}
