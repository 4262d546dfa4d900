import { writeFileSync } from 'node:fs';

/** Every 251st row has an invalid email address, so that the report has invalid rows too. */
const INVALID_EVERY = 251;

/** The people of a plan, from row 1. */
export function peopleOf(rows, label) {
  return Array.from({ length: rows }, (_, index) => {
    const row = index + 1;
    const isInvalid = row % INVALID_EVERY === 0;
    return {
      row,
      login: isInvalid ? `nobody ${row}` : loginOf(label, row),
      firstName: ['Noor', 'Søren', 'Zoë', '=Ann', 'Łukasz'][row % 5],
      lastName: ["O'Brien", 'van der Berg', 'Nguyễn', '"Smith", Jr.', 'Wögerer'][row % 5 || 4],
      department: row % 3 === 0 ? '' : 'Sales; EMEA',
      employeeNumber: String(row).padStart(6, '0'),
      isInvalid,
    };
  });
}

export function loginOf(label, row) {
  return `${label}.${row}@soak.example.com`;
}

export function profileOf({ login, firstName, lastName, department, employeeNumber }) {
  return {
    login,
    email: login,
    firstName,
    lastName,
    employeeNumber,
    ...(department !== '' && { department }),
  };
}

export function writeCsv(path, people) {
  const lines = people.map(({ firstName, lastName, login, department, employeeNumber }) =>
    [firstName, lastName, login, department, employeeNumber].map(quoted).join(','),
  );
  writeFileSync(path, `First name,Last name,Email,Department,Employee number\n${lines.join('\n')}\n`);
}

function quoted(cell) {
  return `"${cell.replaceAll('"', '""')}"`;
}
