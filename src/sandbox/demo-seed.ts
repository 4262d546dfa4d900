import type { AttributeDefinition } from './base-attributes.js';
import type { SandboxSeed, SeededUser } from './seed.js';

const BADGE_NUMBER: AttributeDefinition = {
  title: 'Badge number',
  type: 'string',
  unique: true,
  minLength: 4,
  maxLength: 11,
};

/** Custom attributes of every kind: a unique string, an enum, an array, and the other types. */
const CUSTOM_ATTRIBUTES: Readonly<Record<string, AttributeDefinition>> = {
  badgeNumber: { ...BADGE_NUMBER, description: 'As printed on the badge' },
  shirtSize: {
    title: 'Shirt size',
    type: 'string',
    enum: ['S', 'M', 'L', 'XL'],
    oneOf: [
      { const: 'S', title: 'Small' },
      { const: 'M', title: 'Medium' },
      { const: 'L', title: 'Large' },
      { const: 'XL', title: 'Extra large' },
    ],
  },
  skills: { title: 'Skills', type: 'array', items: { type: 'string' } },
  remote: { title: 'Works remotely', type: 'boolean' },
  level: { title: 'Level', type: 'integer' },
  fte: { title: 'Full-time equivalent', type: 'number' },
};

/** firstName, lastName, the part of the login before `@`, department, country, groups */
type Person = readonly [string, string, string, string, string, ...string[]];

/** Fictional people with names from many languages and scripts. All addresses end in example.com. */
const EMPLOYEES: readonly Person[] = [
  ['Amina', 'Yusuf', 'amina.yusuf', 'Engineering', 'NG', 'Engineering', 'Berlin office'],
  ['José', 'Núñez Ibáñez', 'jose.nunez', 'Engineering', 'ES', 'Engineering'],
  ['美咲', '佐藤', 'misaki.sato', 'Engineering', 'JP', 'Engineering'],
  ['Łukasz', 'Żółkiewski', 'lukasz.zolkiewski', 'Engineering', 'PL', 'Engineering', 'Berlin office'],
  ['Ngọc Ánh', 'Nguyễn', 'ngoc.anh.nguyen', 'Engineering', 'VN', 'Engineering'],
  ['Søren', 'Kjærgård', 'soren.kjaergard', 'Engineering', 'DK', 'Engineering'],
  ['Иван', 'Петренко', 'ivan.petrenko', 'Engineering', 'UA', 'Engineering'],
  ['Ebru', 'İnanç', 'ebru.inanc', 'Engineering', 'TR', 'Engineering', 'Berlin office'],
  ['Zoë', "O'Sullivan-Byrne", 'zoe.osullivan', 'Sales', 'IE', 'Sales'],
  ['伟', '王', 'wei.wang', 'Sales', 'CN', 'Sales'],
  ['Priya', 'Subramanian', 'priya.subramanian', 'Sales', 'IN', 'Sales'],
  ['محمد', 'الفارسي', 'mohammed.alfarsi', 'Sales', 'OM', 'Sales'],
  ['Anaïs', 'Lefèvre', 'anais.lefevre', 'Sales', 'FR', 'Sales'],
  ['Kwabena', 'Osei-Tutu', 'kwabena.osei', 'Sales', 'GH', 'Sales'],
  ['Sigríður', 'Jónsdóttir', 'sigridur.jonsdottir', 'Sales', 'IS', 'Sales'],
  ['지우', '김', 'jiwoo.kim', 'Sales', 'KR', 'Sales'],
  ['Renée', 'van der Meer', 'renee.vandermeer', 'Finance', 'NL', 'Finance'],
  ['João', 'da Conceição', 'joao.conceicao', 'Finance', 'BR', 'Finance'],
  ['Χρήστος', 'Παπαδόπουλος', 'christos.papadopoulos', 'Finance', 'GR', 'Finance'],
  ['Leilani', 'Kealoha', 'leilani.kealoha', 'Finance', 'US', 'Finance'],
  ['Jürgen', 'Groß', 'juergen.gross', 'Finance', 'DE', 'Finance', 'Berlin office'],
  ['Thandiwe', 'Mkhize', 'thandiwe.mkhize', 'People', 'ZA', 'People'],
  ['נועה', 'לוי', 'noa.levy', 'People', 'IL', 'People'],
  ['Siobhán', 'Ní Dhomhnaill', 'siobhan.nidhomhnaill', 'People', 'IE', 'People'],
  ['Bùi', 'Minh', 'bui.minh', 'People', 'VN', 'People'],
  ['Aroha', 'Ngata', 'aroha.ngata', 'Support', 'NZ', 'Support'],
  ['สมชาย', 'ใจดี', 'somchai.jaidee', 'Support', 'TH', 'Support'],
  ['Ольга', 'Ким', 'olga.kim', 'Support', 'KZ', 'Support'],
  ['Ramón', 'de la Cruz y Ortega', 'ramon.delacruz', 'Support', 'MX', 'Support'],
  ['Dzintars', 'Ābele', 'dzintars.abele', 'Support', 'LV', 'Support'],
];

const CONTRACTORS: readonly Person[] = [
  ['Fatoumata', 'Diallo', 'fatoumata.diallo', 'Engineering', 'SN', 'Contractors', 'Engineering'],
  ['Björn', 'Åström', 'bjorn.astrom', 'Engineering', 'SE', 'Contractors'],
  ['Chidi', 'Eze', 'chidi.eze', 'Support', 'NG', 'Contractors'],
];

const STUDENTS: readonly Person[] = [
  ['Mei-Ling', 'Tan', 'meiling.tan', 'Engineering', 'SG', 'Students'],
  ['Oluwaseun', 'Adé', 'seun.ade', 'Finance', 'GB', 'Students'],
];

/** One user of each status that is worth seeing in a list. */
const UNUSUAL_STATUSES: Readonly<Record<string, SeededUser['status']>> = {
  'somchai.jaidee': 'STAGED',
  'olga.kim': 'PROVISIONED',
  'bui.minh': 'SUSPENDED',
  'dzintars.abele': 'DEPROVISIONED',
  'leilani.kealoha': 'PASSWORD_EXPIRED',
};

/** The org of `okta-csv-import sandbox`: a small company with users, groups, user types and custom attributes. */
export const demoSeed: SandboxSeed = {
  attributes: CUSTOM_ATTRIBUTES,
  userTypes: [
    {
      name: 'contractor',
      displayName: 'Contractor',
      description: 'External staff, employed by an agency',
      attributes: {
        badgeNumber: BADGE_NUMBER,
        agency: { title: 'Agency', type: 'string', required: true },
        contractEnd: { title: 'End of contract', type: 'string', format: 'date-time' },
      },
    },
    {
      name: 'student',
      displayName: 'Student',
      description: 'Student on placement',
      attributes: {
        university: { title: 'University', type: 'string' },
        semester: { title: 'Semester', type: 'integer' },
      },
    },
  ],
  groups: [
    { name: 'Engineering', description: 'Product development' },
    { name: 'Sales', description: 'Sales and account management' },
    { name: 'Finance', description: 'Accounting and controlling' },
    { name: 'People', description: 'Human resources' },
    { name: 'Support', description: 'Customer support' },
    { name: 'Contractors', description: 'External staff' },
    { name: 'Students' },
    { name: 'Berlin office', description: 'Skalitzer Straße' },
    { name: 'Payroll', description: 'Imported from the payroll application', type: 'APP_GROUP' },
  ],
  users: [
    ...EMPLOYEES.map((person, index) => ({
      ...seeded(person, {
        badgeNumber: `B-${1001 + index}`,
        shirtSize: ['S', 'M', 'L', 'XL'][index % 4] ?? 'M',
        level: 1 + (index % 9),
        remote: index % 3 === 0,
        fte: index % 5 === 0 ? 0.8 : 1,
        ...(person[3] === 'Engineering' ? { skills: ['TypeScript', index % 2 === 0 ? 'SQL' : 'Go'] } : {}),
      }),
      status: UNUSUAL_STATUSES[person[2]],
    })),
    ...CONTRACTORS.map((person) => seeded(person, { agency: 'Example Staffing' }, 'contractor')),
    ...STUDENTS.map((person) => seeded(person, { university: 'Example University' }, 'student')),
  ],
};

function seeded(person: Person, custom: SeededUser['profile'], userType?: string): SeededUser {
  const [firstName, lastName, name, department, countryCode, ...groups] = person;
  const address = `${name}@example.com`;
  return {
    profile: { firstName, lastName, login: address, email: address, department, countryCode, ...custom },
    groups,
    userType,
  };
}
