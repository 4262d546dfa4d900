import type { LanguageNames } from './language-names.js';

export const polish: LanguageNames = {
  language: 'Polish',
  fields: {
    login: 'Nazwa użytkownika | Nazwa konta | Identyfikator użytkownika | Nazwa logowania | Użytkownik ??',
    firstName: 'Imię | Imiona | Pierwsze imię',
    lastName: 'Nazwisko | Nazwiska',
    fullName:
      'Imię i nazwisko | Nazwisko i imię | Pełne imię i nazwisko | Pełna nazwa | Pracownik | Imię nazwisko | Nazwisko imię | Imiona i nazwisko',
    displayName: 'Nazwa wyświetlana | Wyświetlana nazwa',
    middleName: 'Drugie imię',
    nickName: 'Pseudonim | Przydomek',
    honorificPrefix: 'Zwrot grzecznościowy | Tytuł grzecznościowy | Tytuł | Tytuł naukowy',
    honorificSuffix: 'Sufiks | Przyrostek',
    email:
      'E-mail | Adres e-mail | Poczta elektroniczna | Adres poczty elektronicznej | Adres mailowy | Adres email | Poczta ? | Adres poczty',
    title:
      'Stanowisko | Stanowisko pracy | Nazwa stanowiska | Funkcja | Tytuł | Zawód | Tytuł stanowiska | Pozycja ??',
    secondEmail:
      'Dodatkowy e-mail | Drugi e-mail | Alternatywny adres e-mail | Zapasowy e-mail | Dodatkowy adres e-mail',
    mobilePhone:
      'Komórka | Telefon komórkowy | Numer komórkowy | Numer telefonu komórkowego | Tel komórkowy | Nr komórkowy | Telefon kom | Komórkowy',
    primaryPhone: 'Telefon | Numer telefonu | Telefon stacjonarny | Nr telefonu | Nr tel | Tel stacjonarny',
    streetAddress: 'Ulica | Ulica i numer | Ulica i nr domu | Ulica i numer domu',
    city: 'Miasto | Miejscowość',
    state: 'Województwo | Region',
    zipCode: 'Kod pocztowy | Kod ??',
    countryCode: 'Kraj ? | Kod kraju | Państwo',
    postalAddress: 'Adres pocztowy | Adres korespondencyjny | Pełny adres',
    address: 'Adres',
    preferredLanguage: 'Język | Preferowany język',
    locale: 'Ustawienia regionalne',
    timezone: 'Strefa czasowa',
    userType:
      'Typ pracownika | Rodzaj umowy | Typ umowy | Typ użytkownika | Rodzaj zatrudnienia | Forma zatrudnienia',
    employeeNumber:
      'Numer pracownika | Nr pracownika | Numer ewidencyjny | Nr ewidencyjny | Numer kadrowy | Identyfikator pracownika | ID pracownika | Numer osobowy | Numer personalny | Kod pracownika',
    costCenter: 'Centrum kosztów | Miejsce powstawania kosztów | MPK | Miejsce kosztów | Centrum kosztowe',
    organization: 'Firma | Organizacja | Przedsiębiorstwo | Spółka | Pracodawca | Nazwa firmy',
    division: 'Pion | Dywizja',
    department:
      'Dział | Departament | Wydział | Jednostka organizacyjna | Komórka organizacyjna | Nazwa działu',
    managerId: 'Numer przełożonego | ID przełożonego | Identyfikator przełożonego',
    manager:
      'Przełożony | Przełożona | Kierownik | Menedżer | Menadżer | Bezpośredni przełożony | Szef | Podlega pod',
    groups: 'Grupa | Grupy | Nazwa grupy | Członek grupy | Członkostwo w grupach | Grupy zabezpieczeń',
    password: 'Hasło | Hasło początkowe | Hasło tymczasowe | Hasło startowe',
    recoveryQuestion: 'Pytanie zabezpieczające | Pytanie pomocnicze',
    recoveryAnswer: 'Odpowiedź zabezpieczająca | Odpowiedź na pytanie pomocnicze',
    startDate:
      'Data rozpoczęcia | Data zatrudnienia | Data przyjęcia | Data rozpoczęcia pracy | Początek | Zatrudniony od | Data startu',
    endDate: 'Data zakończenia | Data zwolnienia | Koniec | Zatrudniony do | Data zakończenia pracy',
    location: 'Lokalizacja | Biuro | Oddział | Miejsce pracy',
  },
  parts: {
    email: 'e-mail | adres e-mail | mail | poczta elektroniczna | adres email | adres mailowy',
    phone: 'telefon | numer telefonu | tel | nr telefonu',
    mobile: 'komórkowy | komórka | telefon komórkowy | kom',
    work: 'służbowy | służbowa | firmowy | firmowa | do pracy | praca | biurowy',
    private: 'prywatny | prywatna | osobisty | domowy',
    manager:
      'przełożony | przełożonego | kierownik | kierownika | menedżer | menedżera | szef | szefa | managera',
    employee: 'pracownik | pracownika | użytkownik | użytkownika',
    id: 'ID | numer | nr | identyfikator | kod',
    name: 'imię i nazwisko | nazwisko | nazwa',
    filler: 'i | do | w | z',
  },
};
