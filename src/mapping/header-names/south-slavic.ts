import type { LanguageNames } from './language-names.js';

export const croatian: LanguageNames = {
  language: 'Croatian',
  fields: {
    login: 'Korisničko ime | Korisnički račun',
    firstName: 'Ime',
    lastName: 'Prezime',
    fullName: 'Ime i prezime | Prezime i ime | Puno ime | Zaposlenik | Djelatnik | Radnik ?',
    displayName: 'Prikazano ime | Ime za prikaz',
    honorificPrefix: 'Titula',
    email:
      'E-pošta | Adresa e-pošte | E-mail adresa | Email adresa | Elektronička pošta | Adresa elektroničke pošte | Službeni e-mail | Službena e-pošta',
    secondEmail: 'Privatni e-mail | Privatna e-pošta',
    title: 'Radno mjesto | Naziv radnog mjesta | Pozicija | Funkcija | Zvanje ?',
    mobilePhone: 'Mobitel | Broj mobitela | Mobilni telefon | Mobilni | Službeni mobitel',
    primaryPhone: 'Telefon | Broj telefona | Telefonski broj | Fiksni telefon',
    streetAddress: 'Ulica | Ulica i broj | Ulica i kućni broj',
    city: 'Grad ? | Mjesto | Općina ??',
    state: 'Županija',
    zipCode: 'Poštanski broj',
    countryCode: 'Država | Zemlja',
    address: 'Adresa',
    preferredLanguage: 'Jezik',
    timezone: 'Vremenska zona',
    employeeNumber:
      'Broj zaposlenika | Šifra zaposlenika | ID zaposlenika | Broj djelatnika | Šifra djelatnika | Matični broj ??',
    costCenter: 'Mjesto troška | Troškovno mjesto',
    organization: 'Tvrtka | Poduzeće | Organizacija | Naziv tvrtke',
    department: 'Odjel | Organizacijska jedinica | Sektor ?',
    manager: 'Nadređeni | Neposredno nadređeni | Rukovoditelj | Voditelj | Menadžer',
    groups: 'Grupa | Grupe | Skupina | Skupine',
    password: 'Lozinka | Zaporka',
    startDate: 'Datum početka | Datum zaposlenja | Datum zapošljavanja | Datum početka rada | Početak rada',
    endDate: 'Datum završetka | Datum prestanka | Datum odlaska',
    location: 'Lokacija | Mjesto rada',
  },
  parts: {},
};

/** Bosnian has these names, or the Croatian ones. */
export const serbian: LanguageNames = {
  language: 'Serbian',
  fields: {
    login: 'Korisničko ime | Корисничко име',
    firstName: 'Ime | Име',
    lastName: 'Prezime | Презиме',
    fullName:
      'Ime i prezime | Prezime i ime | Puno ime | Zaposleni | Uposlenik | Име и презиме | Презиме и име | Пуно име | Запослени',
    displayName: 'Prikazano ime | Приказано име',
    email:
      'E-pošta | Adresa e-pošte | Elektronska pošta | Imejl | Imejl adresa | Е-пошта | Електронска пошта | Адреса е-поште | Имејл | Имејл адреса',
    title:
      'Radno mesto | Radno mjesto | Naziv radnog mesta | Pozicija | Funkcija | Радно место | Назив радног места | Позиција | Функција',
    mobilePhone:
      'Mobilni telefon | Mobilni | Broj mobilnog | Broj mobilnog telefona | Мобилни телефон | Мобилни | Број мобилног телефона',
    primaryPhone: 'Telefon | Broj telefona | Fiksni telefon | Телефон | Број телефона | Фиксни телефон',
    streetAddress: 'Ulica | Ulica i broj | Улица | Улица и број',
    city: 'Grad ? | Mesto | Град | Место',
    zipCode: 'Poštanski broj | Поштански број',
    countryCode: 'Država | Zemlja | Држава | Земља',
    address: 'Adresa | Адреса',
    preferredLanguage: 'Jezik | Језик',
    timezone: 'Vremenska zona | Временска зона',
    employeeNumber:
      'Broj zaposlenog | Šifra zaposlenog | ID zaposlenog | Kadrovski broj | Matični broj ?? | Број запосленог | Шифра запосленог | Кадровски број | Матични број ??',
    costCenter: 'Mesto troška | Troškovni centar | Место трошка',
    organization: 'Preduzeće | Kompanija | Organizacija | Предузеће | Компанија | Фирма | Организација',
    department:
      'Odeljenje | Odjeljenje | Organizaciona jedinica | Sektor ? | Одељење | Одјељење | Организациона јединица | Сектор ?',
    manager:
      'Nadređeni | Neposredni rukovodilac | Rukovodilac | Rukovodilac zaposlenog | Menadžer | Надређени | Руководилац | Непосредни руководилац | Менаџер',
    groups: 'Grupa | Grupe | Група | Групе',
    password: 'Lozinka | Лозинка',
    startDate:
      'Datum početka | Datum zaposlenja | Datum zapošljavanja | Datum početka rada | Datum zasnivanja radnog odnosa | Датум почетка | Датум запослења | Датум запошљавања | Датум почетка рада | Датум заснивања радног односа',
    endDate:
      'Datum završetka | Datum prestanka radnog odnosa | Датум завршетка | Датум престанка радног односа',
    location: 'Lokacija | Mesto rada | Локација | Место рада',
  },
  parts: {},
};

export const slovenian: LanguageNames = {
  language: 'Slovenian',
  fields: {
    login: 'Uporabniško ime | Uporabniški račun',
    firstName: 'Ime',
    lastName: 'Priimek',
    fullName: 'Ime in priimek | Priimek in ime | Polno ime | Zaposleni ? | Delavec',
    displayName: 'Prikazno ime',
    honorificPrefix: 'Naziv ??',
    email: 'E-pošta | E-poštni naslov | Naslov e-pošte | Elektronska pošta | Elektronski naslov | E-naslov',
    title: 'Delovno mesto | Naziv delovnega mesta | Položaj | Funkcija',
    mobilePhone:
      'Mobilni telefon | Mobitel | Mobilna številka | Številka mobilnega telefona | Službeni mobilni telefon | GSM ?',
    primaryPhone: 'Telefon | Telefonska številka | Stacionarni telefon | Službeni telefon',
    streetAddress: 'Ulica | Ulica in številka | Ulica in hišna številka',
    city: 'Mesto | Kraj ?',
    zipCode: 'Poštna številka',
    countryCode: 'Država',
    address: 'Naslov ?? | Naslov bivališča',
    preferredLanguage: 'Jezik',
    timezone: 'Časovni pas',
    employeeNumber:
      'Številka zaposlenega | Šifra zaposlenega | ID zaposlenega | Kadrovska številka | Delavska številka | Matična številka ??',
    costCenter: 'Stroškovno mesto',
    organization: 'Podjetje | Organizacija | Družba | Delodajalec',
    department: 'Oddelek | Organizacijska enota | Sektor ?',
    manager: 'Nadrejeni | Neposredno nadrejeni | Neposredni vodja | Vodja',
    groups: 'Skupina | Skupine',
    password: 'Geslo',
    startDate: 'Datum začetka | Datum zaposlitve | Datum nastopa dela | Začetek dela',
    endDate: 'Datum prenehanja | Datum konca | Datum zaključka',
    location: 'Lokacija | Kraj dela',
  },
  parts: {},
};

/** `Презиме` is the middle name, and in Serbian the last name. */
export const bulgarian: LanguageNames = {
  language: 'Bulgarian',
  fields: {
    login: 'Потребителско име | Потребител ?',
    firstName: 'Име | Собствено име | Първо име',
    middleName: 'Презиме | Бащино име',
    lastName: 'Фамилия | Фамилно име',
    fullName: 'Име и фамилия | Трите имена | Три имена | Пълно име | Служител | Имена ?',
    displayName: 'Показвано име',
    email: 'Имейл | Имейл адрес | Електронна поща | Е-поща | Служебен имейл | Адрес на електронна поща',
    secondEmail: 'Личен имейл',
    title: 'Длъжност | Позиция',
    mobilePhone: 'Мобилен телефон | Мобилен | Мобилен номер | GSM ?',
    primaryPhone: 'Телефон | Телефонен номер | Служебен телефон | Стационарен телефон',
    streetAddress: 'Улица',
    city: 'Град | Населено място',
    state: 'Област',
    zipCode: 'Пощенски код',
    countryCode: 'Държава | Страна',
    address: 'Адрес',
    preferredLanguage: 'Език',
    timezone: 'Часова зона',
    employeeNumber:
      'Номер на служител | Служебен номер | Персонален номер | Личен номер ?? | Код на служител',
    costCenter: 'Разходен център',
    organization: 'Фирма | Компания | Организация | Дружество | Работодател',
    department: 'Отдел | Дирекция ?',
    manager: 'Ръководител | Пряк ръководител | Мениджър | Началник',
    groups: 'Група | Групи',
    password: 'Парола',
    startDate: 'Дата на постъпване | Дата на назначаване | Начална дата | Дата на започване',
    endDate: 'Дата на напускане | Крайна дата',
    location: 'Местоположение | Работно място ?',
  },
  parts: {},
};
