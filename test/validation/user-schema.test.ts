import { expect, it } from 'vitest';
import { baseSchema, profileSchemaOf } from '../../src/validation/user-schema.js';

it('has the 31 base attributes that Okta documents', () => {
  expect(Object.keys(baseSchema.attributes)).toHaveLength(31);
});

it('treats an attribute as required if either the flag or the array says so', () => {
  const schema = profileSchemaOf({
    definitions: {
      base: { properties: { login: { type: 'string' }, lastName: { type: 'string' } }, required: ['login'] },
      custom: {
        properties: { shirtSize: { type: 'string', required: true }, hat: { type: 'string' } },
        required: [],
      },
    },
  });
  expect(schema.required).toEqual(['login', 'shirtSize']);
  expect(Object.keys(schema.attributes)).toEqual(['login', 'lastName', 'shirtSize', 'hat']);
});

it('accepts a schema without custom attributes', () => {
  const schema = profileSchemaOf({ definitions: { base: { properties: { login: { type: 'string' } } } } });
  expect(schema).toEqual({ attributes: { login: { type: 'string' } }, required: [] });
});
