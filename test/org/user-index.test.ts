import { expect, it, onTestFinished } from 'vitest';

import type { User } from '../../src/okta/types.js';
import { TemporaryFileError, UserIndex } from '../../src/org/user-index.js';
import { workplace } from '../helpers/workplace.js';

const ADA: User = {
  id: '00u1',
  status: 'STAGED',
  created: '2026-03-02T12:00:00.000Z',
  lastUpdated: '2026-03-02T12:00:00.000Z',
  type: { id: 'oty1' },
  profile: { login: 'ada@example.com', title: 'Engineer' },
};

it('finds a user who is on two pages as the later page has it', () => {
  const index = new UserIndex(workplace().folder);
  onTestFinished(() => index.close());
  index.add(ADA);
  index.add({ ...ADA, id: '00u2', profile: { login: 'bo@example.com' } });
  index.add({ ...ADA, status: 'ACTIVE', profile: { ...ADA.profile, title: 'Lead' } });

  expect(index.find('ADA@example.com')).toMatchObject({ status: 'ACTIVE', profile: { title: 'Lead' } });
  expect(index.find('bo@example.com')).toMatchObject({ id: '00u2' });
});

it('names the temporary file when it cannot be created', () => {
  expect(() => new UserIndex('/nowhere')).toThrow(TemporaryFileError);
});
