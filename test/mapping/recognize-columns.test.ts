import { describe, expect, it } from 'vitest';

import { createHeaderMatcher } from '../../src/mapping/match-header.js';
import { recognizeColumns, type RecognizedColumn } from '../../src/mapping/recognize-columns.js';
import { baseSchema } from '../../src/validation/user-schema.js';
import { orgAttributes } from './build.js';

const offline = createHeaderMatcher({
  attributes: new Map(Object.entries(baseSchema.attributes)),
  isOrgSchema: false,
});
const online = createHeaderMatcher({ attributes: new Map(Object.entries(orgAttributes)), isOrgSchema: true });

const recognize = (
  header: readonly string[],
  samples: readonly (readonly string[])[] = [],
  matcher = offline,
): readonly RecognizedColumn[] => recognizeColumns(header, matcher, { samples });

/** The attributes that the columns of a header feed; `-` for none. */
const namesOf = (columns: readonly RecognizedColumn[]): string =>
  columns.map(({ path = '-' }) => path.replace('profile.', '')).join(' ');

describe('decoration of a column name', () => {
  it.each([
    ['Email*', 'email'],
    ['* Email', 'email'],
    ['Email:', 'email'],
    ['1. Email', 'email'],
    ['[Email]', 'email'],
    ['E\u200bmail', 'email'],
    ['La\u00adst\u00a0Name', 'lastName'],
    ['\ufeffDepartment', 'department'],
    ['Last Name (required)', 'lastName'],
    ['Nachname (Pflichtfeld)', 'lastName'],
    ['【必須】氏名', 'displayName'],
    ['Job title (optional)', 'title'],
    ['Mobile phone [E.164]', 'mobilePhone'],
    ['Last Name (as in passport)', 'lastName'],
    ['Job\ntitle', 'title'],
    ['Ｔｉｔｌｅ', 'title'],
    ['first_name', 'firstName'],
    ['FIRSTNAME', 'firstName'],
    ['"Email"', 'email'],
    ['Employee #', 'employeeNumber'],
    ['Name [displayName] Required', 'displayName'],
    ['Nachname / Last name', 'lastName'],
    ['First name | Vorname', 'firstName'],
    ['Vorgesetzte/r', 'manager'],
    ['Vorgesetzte(r)', 'manager'],
    ['Employee First Name', 'firstName'],
    ["Worker's Manager", 'manager'],
    ['Work Address - City', 'city'],
    ['Nom (Last name)', 'lastName'],
    ['Jméno (first name)', 'firstName'],
    ['姓 Last Name', 'lastName'],
    ['Email 邮箱', 'email'],
    ['Фамилия Surname', 'lastName'],
    ['הדוא"ל Email', '-'],
    // Not the Turkish name "Ad".
    ['Логин AD', '-'],
  ])('%s is %s', (column, name) => {
    expect(namesOf(recognize([column]))).toBe(name);
  });

  it.each([
    ['Badge*', 'badgeNumber'],
    ['Shirt (S, M or L)', 'shirtSize'],
    ['Skills:', 'skills'],
  ])('of an attribute of the org is ignored as well: %s is %s', (column, name) => {
    expect(namesOf(recognize([column], [], online))).toBe(name);
  });

  it.each([
    ['Email (private)', 'secondEmail'],
    ['E-Mail (geschäftlich)', 'email'],
    ['Phone (mobile)', 'mobilePhone'],
    ['Email - Work', 'email'],
  ])('that says which one decides: %s is %s', (column, name) => {
    expect(namesOf(recognize([column]))).toBe(name);
  });

  it.each([
    'Email (old)',
    'Department (code)',
    'First name (emergency contact)',
    'City (birth)',
    'Email (manager)',
  ])('that makes another thing of a name is no decoration: %s', (column) => {
    expect(['-', 'manager']).toContain(namesOf(recognize([column])));
  });
});

describe('a question of a form', () => {
  it.each([
    ['What is your first name?', 'firstName'],
    ["What's your job title?", 'title'],
    ['Please enter your work email', 'email'],
    ['Wie lautet Ihr Nachname?', 'lastName'],
    ['Bitte geben Sie Ihre E-Mail-Adresse an', 'email'],
    ['Quel est votre prénom ?', 'firstName'],
    ['¿Cuál es su correo electrónico?', 'email'],
  ])('is the name that it asks for: %s is %s', (column, name) => {
    expect(namesOf(recognize([column]))).toBe(name);
  });

  it.each(['Is manager', 'Do you have a manager?', 'What do you like?', 'Your favourite colour', 'Su'])(
    'is unknown if it asks for something else: %s',
    (column) => {
      expect(namesOf(recognize([column]))).toBe('-');
    },
  );
});

it.each([
  ['name.givenName', 'firstName'],
  ['name.familyName', 'lastName'],
  ['emails[0].value', 'email'],
  ['emails.work.value', 'email'],
  ['phoneNumbers.mobile.value', 'mobilePhone'],
  ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter', 'costCenter'],
])('an attribute of SCIM is recognized: %s is %s', (column, name) => {
  expect(namesOf(recognize([column]))).toBe(name);
});

describe('two columns for the login', () => {
  it.each<[what: string, header: readonly string[], row: readonly string[], yielding: readonly boolean[]]>([
    [
      'the one with addresses is it',
      ['sAMAccountName', 'userPrincipalName'],
      ['ann', 'ann@example.com'],
      [true, false],
    ],
    ['wherever it stands', ['UPN', 'Login'], ['ann@example.com', 'ann'], [false, true]],
    [
      'neither is, if both have addresses',
      ['UPN', 'Login'],
      ['ann@example.com', 'a@example.com'],
      [false, false],
    ],
    ['neither is, if none has', ['Account name', 'Login'], ['EXAMPLE\\ann', 'ann'], [false, false]],
  ])('%s', (_, header, row, yielding) => {
    expect(recognize(header, [row]).map(({ yields }) => yields)).toEqual(yielding);
  });
});

describe('a header in the language of the admin', () => {
  it.each([
    [
      'Arabic',
      'الاسم الأول,اسم العائلة,البريد الإلكتروني,رقم الجوال,القسم,المسمى الوظيفي',
      'firstName lastName email mobilePhone department title',
    ],
    [
      'Arabic, with one name',
      'الاسم,اللقب,البريد الالكتروني,المدير المباشر',
      'firstName lastName email manager',
    ],
    [
      'Hebrew',
      'שם פרטי,שם משפחה,דוא"ל,טלפון נייד,מחלקה,תפקיד',
      'firstName lastName email mobilePhone department title',
    ],
    ['Hebrew, in short', 'שם,משפחה,מייל,נייד', 'firstName lastName email mobilePhone'],
    ['Greek', 'Όνομα,Επώνυμο,Email,Τμήμα,Θέση', 'firstName lastName email department title'],
    [
      'Greek, without accents',
      'ΟΝΟΜΑΤΕΠΩΝΥΜΟ,ΗΛΕΚΤΡΟΝΙΚΟ ΤΑΧΥΔΡΟΜΕΙΟ,ΚΙΝΗΤΟ',
      'displayName email mobilePhone',
    ],
    ['Chinese', '姓名,邮箱,部门,职位,手机', 'displayName email department title mobilePhone'],
    ['Korean', '성,이름,이메일,부서,직책', 'lastName firstName email department title'],
    ['Russian', 'Имя,Фамилия,Электронная почта,Отдел,Должность', 'firstName lastName email department title'],
    ['Turkish', 'Adı,Soyadı,E-posta Adresi,Departman,Görevi', 'firstName lastName email department title'],
    ['Czech', 'Jméno,Příjmení,E-mail,Oddělení,Pozice', 'firstName lastName email department title'],
    [
      'Hungarian',
      'Családi név,Keresztnév,E-mail cím,Osztály,Beosztás',
      'lastName firstName email department title',
    ],
    ['Danish', 'Fornavn,Efternavn,E-mail,Afdeling,Stilling', 'firstName lastName email department title'],
    ['Norwegian', 'Fornavn,Etternavn,E-post,Avdeling,Stilling', 'firstName lastName email department title'],
    ['Finnish', 'Etunimi,Sukunimi,Sähköposti,Osasto,Titteli', 'firstName lastName email department title'],
    [
      'Persian',
      'نام,نام خانوادگی,نام کاربری,ایمیل,تلفن همراه,واحد,سمت,کد پرسنلی,مدیر مستقیم,کد پستی,تاریخ استخدام',
      'firstName lastName login email mobilePhone department title employeeNumber manager zipCode start',
    ],
    [
      'Persian, with the letters of an Arabic keyboard, and one name',
      'نام و نام خانوادگي,پست الكترونيك,شماره موبايل,گروه‌ها',
      'displayName email mobilePhone groupIds',
    ],
    [
      'Thai',
      'รหัสพนักงาน,ชื่อ,นามสกุล,อีเมล,เบอร์มือถือ,แผนก,ตำแหน่ง,หัวหน้างาน,จังหวัด,รหัสไปรษณีย์,วันที่เริ่มงาน',
      'employeeNumber firstName lastName email mobilePhone department title manager state zipCode start',
    ],
    ['Thai, with one name', 'ชื่อ-นามสกุล,อีเมล์,เบอร์โทรศัพท์,ชื่อผู้ใช้งาน', 'displayName email primaryPhone login'],
    [
      'Vietnamese',
      'Mã nhân viên,Họ,Tên,Email,Số điện thoại,Phòng ban,Chức vụ,Quản lý trực tiếp,Thành phố,Ngày vào làm',
      'employeeNumber lastName firstName email primaryPhone department title manager city start',
    ],
    [
      'Vietnamese, with one name',
      'Họ và tên,Tên đăng nhập,Địa chỉ email,Di động,Quốc gia,Nhóm',
      'displayName login email mobilePhone countryCode groupIds',
    ],
    [
      'Indonesian',
      'Nomor Induk Karyawan,Nama Depan,Nama Belakang,Surel,No. HP,Departemen,Jabatan,Atasan Langsung,Kota,Kode Pos',
      'employeeNumber firstName lastName email mobilePhone department title manager city zipCode',
    ],
    [
      'Malay',
      'No. Pekerja,Nama Penuh,Emel,No. Telefon Bimbit,Jabatan,Jawatan,Penyelia,Bandar,Poskod,Negara',
      'employeeNumber displayName email mobilePhone department title manager city zipCode countryCode',
    ],
    [
      'Croatian',
      'Ime,Prezime,Korisničko ime,E-pošta,Mobitel,Odjel,Radno mjesto,Nadređeni,Ulica,Grad,Poštanski broj,Država',
      'firstName lastName login email mobilePhone department title manager streetAddress city zipCode countryCode',
    ],
    [
      'Serbian',
      'Ime,Prezime,Elektronska pošta,Mobilni telefon,Odeljenje,Radno mesto,Rukovodilac,Datum zaposlenja',
      'firstName lastName email mobilePhone department title manager start',
    ],
    [
      'Serbian in Cyrillic',
      'Име,Презиме,Корисничко име,Е-пошта,Мобилни телефон,Одељење,Радно место,Поштански број',
      'firstName lastName login email mobilePhone department title zipCode',
    ],
    [
      'Bosnian',
      'Ime i prezime,E-mail adresa,Telefon,Odjeljenje,Pozicija,Mjesto',
      'displayName email primaryPhone department title city',
    ],
    [
      'Slovenian',
      'Priimek,Ime,Uporabniško ime,E-poštni naslov,Oddelek,Delovno mesto,Vodja,Kraj,Poštna številka,Datum zaposlitve',
      'lastName firstName login email department title manager city zipCode start',
    ],
    [
      'Bulgarian',
      'Име,Презиме,Фамилия,Имейл,Мобилен телефон,Отдел,Длъжност,Пряк ръководител,Населено място,Пощенски код',
      'firstName middleName lastName email mobilePhone department title manager city zipCode',
    ],
    [
      'Slovak',
      'Krstné meno,Priezvisko,E-mail,Mobil,Oddelenie,Pracovná pozícia,Nadriadený,Ulica,Mesto,PSČ,Krajina',
      'firstName lastName email mobilePhone department title manager streetAddress city zipCode countryCode',
    ],
    [
      'Slovak, in short',
      'Meno,Priezvisko,Prihlasovacie meno,Osobné číslo,Dátum nástupu',
      'firstName lastName login employeeNumber start',
    ],
    [
      'Hindi',
      'कर्मचारी संख्या,प्रथम नाम,उपनाम,ईमेल,मोबाइल नंबर,विभाग,पदनाम,शहर,पिन कोड,देश',
      'employeeNumber firstName lastName email mobilePhone department title city zipCode countryCode',
    ],
    [
      'Catalan',
      "Nom,Cognoms,Nom d'usuari,Correu electrònic,Mòbil,Departament,Càrrec,Responsable,Carrer,Ciutat,Codi postal",
      'firstName lastName login email mobilePhone department title manager streetAddress city zipCode',
    ],
    [
      'Chinese and English',
      '邮箱 Email,姓 Last Name,名 First Name,部门 Department',
      'email lastName firstName department',
    ],
  ])('%s: %s', (_, header, names) => {
    expect(namesOf(recognize(header.split(',')))).toBe(names);
  });
});

describe('a name that depends on the other columns', () => {
  it.each<[header: string, samples: readonly (readonly string[])[], names: string]>([
    ['Name,Vorname', [], 'lastName firstName'],
    ['Nom,Prénom', [], 'lastName firstName'],
    ['Nombre,Apellidos', [], 'firstName lastName'],
    ['Cognome,Nome', [], 'lastName firstName'],
    ['Name,Surname', [], 'firstName lastName'],
    ['Name,First name,Last name', [], 'displayName firstName lastName'],
    ['Name,Vorname', [['Mira Kühn', 'Mira']], 'displayName firstName'],
    ['Full name,Email', [], 'displayName email'],
    ['Titel,Position', [], 'honorificPrefix title'],
    ['Titel', [['Dr.'], ['Prof.']], 'honorificPrefix'],
    ['Titel', [['Engineer'], ['Nurse']], 'title'],
    ['Titel,Förnamn,Efternamn', [], 'title firstName lastName'],
    ['Service,Prénom,Nom', [], 'department firstName lastName'],
    ['Apelido,Nome', [], 'lastName firstName'],
    ['Apelido,Nome,Sobrenome', [], 'nickName firstName lastName'],
    ['Bereich,Abteilung', [], 'division department'],
    ['Adresse,Ort', [], 'streetAddress city'],
    ['Adresse,Email', [], 'postalAddress email'],
    ['Identifiant,Prénom', [['mira@example.com', 'Mira']], 'login firstName'],
    ['Identifiant,Prénom', [['000102', 'Mira']], 'employeeNumber firstName'],
    ['Boss,Boss e-mail', [], 'manager managerId'],
    ['Boss e-mail', [], 'manager'],
    ['Groupe 1,Groupe 2', [], 'groupIds groupIds'],
    ['Group,Group2,Group 3', [], 'groupIds groupIds groupIds'],
  ])('%s with %j means %s', (header, samples, names) => {
    expect(namesOf(recognize(header.split(','), samples))).toBe(names);
  });

  it.each([
    // In Indonesian the job, in Malay the department.
    ['Jabatan', 'Nama lengkap,Karyawan ID,Perusahaan', 'title'],
    ['Jabatan', 'Nama penuh,Emel,Syarikat', 'department'],
    ['Jabatan', 'First name,Last name', '-'],
    // In Polish the country, in Czech the region, in Slovenian the town.
    ['Kraj', 'Imię,Nazwisko', 'countryCode'],
    ['Kraj', 'Jméno,Příjmení', 'state'],
    ['Kraj', 'Ime,Priimek', 'city'],
    ['Kraj', 'First name,Last name', '-'],
    // In Serbian the last name, in Bulgarian the middle name.
    ['Презиме', 'Име,Имејл', 'lastName'],
    ['Презиме', 'Име,Фамилия', 'middleName'],
    // The head, and in English no name of a column.
    ['Cap', 'Nom,Cognoms', 'manager'],
    ['Cap', 'First name,Last name', '-'],
    ['Ten', 'First name,Last name', '-'],
    ['Grad', 'Vorname,Nachname', '-'],
    ['شهر', 'الاسم الأول,اسم العائلة', '-'],
    ['Naslov', 'Ime,Prezime', '-'],
  ])('means what it means in the language of the other columns: %s with %s', (column, others, name) => {
    expect(namesOf(recognize([column, ...others.split(',')])).split(' ')[0]).toBe(name);
  });

  it('is likely, with the reason', () => {
    expect(recognize(['Name', 'Vorname'])[0]).toMatchObject({
      path: 'profile.lastName',
      confidence: 'likely',
      reason: 'by the other columns',
    });
    expect(recognize(['Abteilung'])[0]).toMatchObject({
      confidence: 'certain',
      reason: 'usual name (German)',
    });
    expect(recognize(['department'])[0]).toMatchObject({ confidence: 'certain', reason: 'Okta name' });
  });
});

describe('a name that is not known for certain', () => {
  it.each([
    ['Titel', ['honorificPrefix', 'title']],
    ['Bereich', ['division', 'department']],
    ['City/State', ['city', 'state']],
    ['Identifiant', ['login', 'employeeNumber']],
    ['Team', ['department']],
    ['Role', ['title']],
    ['Home phone', ['primaryPhone']],
    ['Status', []],
    ['Shoe size', []],
    ['Fax', []],
  ])('is not guessed: %s, with the candidates %j', (column, candidates) => {
    const [found] = recognize([column]);
    expect(found).toMatchObject({ path: undefined, confidence: 'none' });
    expect(found?.candidates.toSorted()).toEqual(candidates.toSorted());
  });

  it.each(['Service', 'Direction', 'Cargo', 'Portable', 'Via', 'By'])(
    'is no word of another language without columns in that language: %s',
    (column) => {
      expect(namesOf(recognize([column, 'First name']))).toBe('- firstName');
    },
  );

  it.each([
    ['Nachnme', 'lastName'],
    ['Frist name', 'firstName'],
    ['Departmetn', 'department'],
    ['Benuztername', 'login'],
  ])('is near to a name with a typo: %s to %s', (column, name) => {
    expect(offline.closestNames(column)).toEqual([name]);
  });

  it.each(['Landed', 'Lang', 'Badge', 'Stato', 'Tile', 'Lohn', 'Gruß', 'Notes', 'Sort', 'Fax', 'Birthday'])(
    'is near to nothing: %s',
    (column) => {
      expect(offline.closestNames(column)).toEqual([]);
    },
  );
});

it('a custom attribute that is named like another attribute is ambiguous', () => {
  const matcher = createHeaderMatcher({
    attributes: new Map([
      ...Object.entries(baseSchema.attributes),
      ['jobCode', { title: 'Job', type: 'string' as const }],
    ]),
    isOrgSchema: true,
  });

  expect(recognizeColumns(['Job'], matcher)[0]).toMatchObject({
    path: undefined,
    candidates: ['jobCode', 'title'],
  });
});

it('a start date is an attribute of the org if it has one, and else only for sync', () => {
  expect(namesOf(recognize(['Start', 'Eintrittsdatum', 'Hire date'], [], online)).split(' ')).toContain(
    'startDate',
  );
  expect(namesOf(recognize(['Start']))).toBe('start');
});
