import { expect, it } from 'vitest';

import { causesIn } from '../../../src/okta/http/java-error-text.js';

const BLANK = 'default message [The field cannot be left blank]';

it.each<[string, string, readonly string[]]>([
  [
    'a field and a reason',
    `Field error in object 'newUser' on field 'jobTitle': rejected value [null]; codes [blank.newUser.jobTitle,blank]; ${BLANK}`,
    ['jobTitle: The field cannot be left blank'],
  ],
  [
    'arguments with messages of their own',
    `Field error in object 'newUser' on field 'jobTitle': rejected value []; codes [NotBlank.newUser.jobTitle,NotBlank]; arguments [org.springframework.context.support.DefaultMessageSourceResolvable: codes [newUser.jobTitle,jobTitle]; arguments []; default message [jobTitle],20]; ${BLANK}`,
    ['jobTitle: The field cannot be left blank'],
  ],
  [
    'several errors in one text',
    `org.springframework.validation.BeanPropertyBindingResult: 2 errors Field error in object 'user' on field 'mobilePhone': rejected value [x]; codes [a]; arguments []; default message [Does not match required pattern] Field error in object 'user' on field 'jobTitle': rejected value [null]; codes [b]; arguments []; ${BLANK}`,
    ['mobilePhone: Does not match required pattern', 'jobTitle: The field cannot be left blank'],
  ],
  [
    'a path into the profile',
    `Field error in object 'user' on field 'profile.costCenter': rejected value [x]; codes [a]; default message [Is unknown]`,
    ['costCenter: Is unknown'],
  ],
  [
    'a key of the profile',
    `Field error in object 'user' on field 'profile[costCenter]': rejected value [x]; codes [a]; default message [Is unknown]`,
    ['costCenter: Is unknown'],
  ],
  [
    'a path into the credentials',
    `Field error in object 'user' on field 'credentials.password.value': rejected value [S3cret!]; codes [a]; default message [Too weak]`,
    ['credentials.password.value: Too weak'],
  ],
  [
    'brackets in the reason',
    `Field error in object 'user' on field 'title': rejected value [a [b]]; codes [a]; default message [must be one of [a, b]]`,
    ['title: must be one of [a, b]'],
  ],
  [
    'an error of the whole object',
    `Error in object 'newUser': codes [mismatch.newUser,mismatch]; arguments []; default message [firstName and lastName are the same]`,
    ['firstName and lastName are the same'],
  ],
])('reads %s from the text of a Java exception', (_, text, causes) => {
  expect(causesIn(text)).toEqual(causes);
});

it.each([
  'login: An object with this field already exists in the current organization',
  "Property name 'shoeSize' is not defined in profile",
  "Field error in object 'newUser' on field 'jobTitle'",
  '',
])('leaves any other text as it is: %s', (text) => {
  expect(causesIn(text)).toEqual([text]);
});
