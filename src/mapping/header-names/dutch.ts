import type { LanguageNames } from './language-names.js';

export const dutch: LanguageNames = {
  language: 'Dutch',
  fields: {
    login:
      'Gebruikersnaam | Inlognaam | Loginnaam | Aanmeldingsnaam | Aanmeldnaam | Accountnaam | Gebruiker ??',
    firstName: 'Voornaam | Voornamen | Roepnaam',
    lastName: 'Achternaam | Familienaam | Geslachtsnaam',
    name: 'Naam',
    fullName:
      'Volledige naam | Voor- en achternaam | Voornaam en achternaam | Naam medewerker | Medewerker | Naam werknemer | Werknemer | Voornaam Achternaam | Achternaam Voornaam',
    displayName: 'Weergavenaam',
    middleName: 'Tweede naam | Tweede voornaam | Middelste naam | Tussenvoegsel ??',
    nickName: 'Roepnaam | Bijnaam',
    honorificPrefix: 'Aanhef | Aanspreektitel | Titel | Titulatuur | Aanspreekvorm',
    honorificSuffix: 'Achtervoegsel',
    email: 'E-mail | E-mailadres | Mailadres | E-mail adres | Mail | Werkmail',
    title:
      'Functie | Functietitel | Functienaam | Functieomschrijving | Beroep | Titel | Positie | Functiebenaming',
    secondEmail:
      'Tweede e-mailadres | Alternatief e-mailadres | Tweede e-mail | Secundair e-mailadres | Herstel-e-mailadres',
    mobilePhone:
      'Mobiel | Mobiele telefoon | Mobiel nummer | GSM | GSM-nummer | Mobiele nummer | Mobiel telefoonnummer | 06-nummer',
    primaryPhone:
      'Telefoon | Telefoonnummer | Vaste telefoon | Telefoonnr | Vast nummer | Vast telefoonnummer | Telefoon werk',
    streetAddress: 'Straat | Straatnaam | Straat en huisnummer | Straat en nummer | Straat Huisnummer',
    city: 'Plaats | Woonplaats | Stad | Gemeente | Plaatsnaam',
    state: 'Provincie | Regio',
    zipCode: 'Postcode',
    countryCode: 'Land | Landcode | Landnaam',
    postalAddress: 'Postadres | Volledig adres',
    address: 'Adres',
    preferredLanguage: 'Taal | Voorkeurstaal | Taalcode',
    locale: 'Landinstelling | Landinstellingen',
    timezone: 'Tijdzone',
    userType:
      'Soort medewerker | Type medewerker | Dienstverband | Soort dienstverband | Contracttype | Contractsoort | Gebruikerstype | Type contract | Medewerkertype',
    employeeNumber:
      'Personeelsnummer | Medewerkernummer | Medewerkersnummer | Werknemersnummer | Personeelsnr | Stamnummer | Medewerker-ID | Personeels-ID | Werknemer-ID',
    costCenter: 'Kostenplaats | Kostenplaatsnummer | Kostenplaatscode',
    organization: 'Bedrijf | Organisatie | Werkgever | Bedrijfsnaam | Onderneming | Firma',
    division: 'Divisie | Bedrijfsonderdeel | Bedrijfseenheid',
    department: 'Afdeling | Organisatie-eenheid | Afdelingsnaam | Dienst ??',
    managerId: 'Personeelsnummer leidinggevende | Personeelsnummer manager | ID leidinggevende',
    manager:
      'Leidinggevende | Direct leidinggevende | Directe leidinggevende | Baas | Chef | Rapporteert aan | Verantwoordelijke ?? | Teamleider ??',
    groups: 'Groep | Groepen | Groepsnaam | Lid van | Beveiligingsgroepen | Groepslidmaatschap',
    password: 'Wachtwoord | Tijdelijk wachtwoord | Initieel wachtwoord | Startwachtwoord',
    recoveryQuestion: 'Beveiligingsvraag | Geheime vraag',
    recoveryAnswer: 'Beveiligingsantwoord | Antwoord op beveiligingsvraag',
    startDate:
      'Startdatum | Datum in dienst | In dienst | Begindatum | Indiensttreding | Datum indiensttreding | Ingangsdatum | In dienst sinds',
    endDate: 'Einddatum | Datum uit dienst | Uit dienst | Datum uitdiensttreding',
    location: 'Locatie | Vestiging | Kantoor | Werkplek | Standplaats | Werklocatie',
  },
  parts: {
    email: 'e-mail | e-mailadres | mail | mailadres | e-mail adres',
    phone: 'telefoon | telefoonnummer | tel',
    mobile: 'mobiel | mobiele telefoon | gsm | mobiel nummer | mobiele nummer',
    work: 'werk | zakelijk | zakelijke | kantoor | bedrijf',
    private: 'privé | persoonlijk | persoonlijke | thuis',
    manager: 'leidinggevende | manager | baas | chef | direct leidinggevende',
    employee: 'medewerker | werknemer | gebruiker | persoon',
    id: 'ID | nummer | nr | code | personeelsnummer',
    name: 'naam | volledige naam',
    filler: 'van | de | het | een | en',
  },
};
