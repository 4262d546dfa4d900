import type { LanguageNames } from './language-names.js';

export const german: LanguageNames = {
  language: 'German',
  fields: {
    login:
      'Benutzername | Anmeldename | Loginname | Benutzerkennung | Benutzeranmeldename | Benutzerkonto | Nutzername | Kontoname | Benutzerprinzipalname | Windows-Anmeldename | Anmeldung ?? | Benutzer ??',
    firstName: 'Vorname | Vornamen | erster Vorname',
    lastName: 'Nachname | Familienname | Zuname | Nachnamen',
    name: 'Name',
    fullName:
      'Vollständiger Name | Vor- und Nachname | Vor- und Zuname | Vorname Nachname | Vorname und Nachname | Nachname Vorname | Name Vorname | Name und Vorname | Mitarbeitername | Mitarbeiter | Mitarbeiterin | Name des Mitarbeiters | voller Name | ganzer Name',
    displayName: 'Anzeigename | angezeigter Name',
    middleName: 'zweiter Vorname | Zweitname | Mittelname | weitere Vornamen | 2. Vorname',
    honorificPrefix: 'Anrede | akademischer Titel | Titel | Namenspräfix | akademischer Grad',
    honorificSuffix: 'Namenszusatz | Namenssuffix',
    email:
      'E-Mail | E-Mail-Adresse | Mail | Mailadresse | Mail-Adresse | Firmenmail | Firmen-E-Mail | Dienstmail | Emailadresse',
    title:
      'Position | Stellenbezeichnung | Stelle | Funktion | Berufsbezeichnung | Jobtitel | Job-Titel | Tätigkeit | Beruf | Titel | Stellentitel | Positionsbezeichnung | Funktionsbezeichnung | ausgeübte Tätigkeit | Dienstbezeichnung | Amtsbezeichnung | Rolle ??',
    nickName: 'Spitzname | Rufname | Kurzname',
    profileUrl: 'Profil-URL | Profillink',
    secondEmail:
      'Zweit-E-Mail | zweite E-Mail | zweite E-Mail-Adresse | alternative E-Mail | alternative E-Mail-Adresse | sekundäre E-Mail | sekundäre E-Mail-Adresse | weitere E-Mail | Privatmail | Wiederherstellungs-E-Mail',
    mobilePhone:
      'Handy | Handynummer | Mobil | Mobilnummer | Mobiltelefon | Mobilfunk | Mobilfunknummer | Mobiltelefonnummer | Diensthandy | Firmenhandy | Handy-Nr | Mobil-Nr',
    primaryPhone:
      'Telefon | Telefonnummer | Tel | Tel-Nr | Telefon-Nr | Festnetz | Festnetznummer | Rufnummer | Fon | Bürotelefon | Diensttelefon | Telefon Festnetz | Durchwahl ??',
    streetAddress:
      'Straße | Straße und Hausnummer | Straße Hausnummer | Straße Hausnr | Straße Nr | Straße und Nr | Straßenname | Straße und Hausnr',
    city: 'Ort | Stadt | Wohnort | Gemeinde | Ortschaft',
    state: 'Bundesland | Region | Kanton | Provinz | Bundesstaat',
    zipCode: 'PLZ | Postleitzahl',
    countryCode:
      'Land | Länderkürzel | Ländercode | Landeskennzeichen | Länderkennzeichen | Landkürzel | Staat | Länderkennung',
    postalAddress: 'Postanschrift | Postadresse | vollständige Adresse',
    address: 'Adresse | Anschrift',
    preferredLanguage: 'Sprache | bevorzugte Sprache | Korrespondenzsprache | Sprachcode | Anzeigesprache',
    locale: 'Gebietsschema',
    timezone: 'Zeitzone',
    userType:
      'Mitarbeitertyp | Beschäftigungsart | Anstellungsart | Art der Beschäftigung | Beschäftigungsverhältnis | Mitarbeiterart | Benutzertyp | Anstellungsverhältnis | Vertragsart | Mitarbeiterkreis',
    employeeNumber:
      'Personalnummer | Personal-Nr | Pers-Nr | PersNr | PNr | Mitarbeiternummer | Mitarbeiter-Nr | Mitarbeiter-ID | MA-Nr | MA-Nummer | Personal-ID | Stammnummer | Mitarbeiterkennung | Personalkennziffer | Personalnr',
    costCenter:
      'Kostenstelle | KST | Kostenstellennummer | Kst-Nr | Kostenstellen-Nr | Kostenstellennr | Stammkostenstelle',
    organization:
      'Firma | Unternehmen | Gesellschaft | Organisation | Arbeitgeber | Firmenname | Konzerngesellschaft | Tochtergesellschaft | Unternehmensname | Rechtsträger',
    division:
      'Geschäftsbereich | Sparte | Division | Unternehmensbereich | Geschäftseinheit | Ressort | Bereich | Geschäftsfeld',
    department:
      'Abteilung | Abt | Fachabteilung | Organisationseinheit | OE | Dienststelle | Fachbereich | Bereich | Abteilungsname | Team ??',
    managerId:
      'Vorgesetzten-ID | Vorgesetztennummer | Personalnummer Vorgesetzter | Personalnummer des Vorgesetzten',
    manager:
      'Vorgesetzter | Vorgesetzte | Führungskraft | Chef | Chefin | direkter Vorgesetzter | direkte Führungskraft | disziplinarischer Vorgesetzter | Linienvorgesetzter | berichtet an | Teamleiter ?? | Leiter ?? | Leitung ??',
    groups:
      'Gruppe | Gruppen | Gruppenname | Gruppennamen | Gruppenmitgliedschaft | Gruppenmitgliedschaften | Mitglied von | Sicherheitsgruppen | Benutzergruppe | Benutzergruppen | Gruppenzugehörigkeit',
    password:
      'Passwort | Kennwort | Initialpasswort | Startpasswort | Initialkennwort | Startkennwort | Erstpasswort | initiales Passwort',
    recoveryQuestion: 'Sicherheitsfrage',
    recoveryAnswer: 'Sicherheitsantwort | Antwort auf Sicherheitsfrage',
    startDate:
      'Eintrittsdatum | Eintritt | Einstellungsdatum | Beginn | Startdatum | Start | Vertragsbeginn | Beschäftigungsbeginn | Eintritt am | Dienstantritt | Arbeitsbeginn | erster Arbeitstag | Beginn der Beschäftigung',
    endDate:
      'Austrittsdatum | Austritt | Vertragsende | Enddatum | Ende | befristet bis | Austritt am | letzter Arbeitstag',
    location: 'Standort | Büro | Niederlassung | Arbeitsort | Dienstort | Betriebsstätte | Dienstsitz',
  },
  parts: {
    email: 'E-Mail | E-Mail-Adresse | Mail | Mailadresse | Emailadresse',
    phone: 'Telefon | Telefonnummer | Tel | Rufnummer | Festnetz',
    mobile: 'Mobil | Handy | Mobiltelefon | Mobilnummer | Handynummer | Mobilfunk',
    work: 'geschäftlich | geschäftliche | geschäftlicher | geschäftliches | dienstlich | dienstliche | dienstlicher | dienstliches | beruflich | berufliche | Arbeit | Firma | Büro | Geschäft | Unternehmen',
    private: 'privat | private | privater | privates | persönlich | persönliche',
    manager:
      'Vorgesetzter | Vorgesetzte | Vorgesetzten | Führungskraft | Chef | Chefs | Chefin | Manager | Managers',
    employee:
      'Mitarbeiter | Mitarbeiters | Mitarbeiterin | Benutzer | Benutzers | Person | Angestellter | Beschäftigter',
    id: 'ID | Nr | Nummer | Kennung | Personalnummer | Nummern',
    name: 'Name | Namen | Anzeigename',
    filler: 'der | des | die | das | und | vom | von | für | zum | zur | den',
  },
};
