import type { LanguageNames } from './language-names.js';

export const italian: LanguageNames = {
  language: 'Italian',
  fields: {
    login: 'Nome utente | Nome account | Nome di accesso | ID di accesso | Utente ?? | Account ??',
    firstName: 'Nome di battesimo | Primo nome',
    lastName: 'Cognome | Cognomi',
    name: 'Nome',
    fullName:
      'Nome completo | Nome e cognome | Cognome e nome | Nominativo | Dipendente | Nome cognome | Cognome nome | Nome del dipendente',
    displayName: 'Nome visualizzato',
    middleName: 'Secondo nome',
    nickName: 'Soprannome',
    honorificPrefix: 'Titolo di cortesia | Appellativo | Titolo',
    honorificSuffix: 'Suffisso',
    email:
      'E-mail | Posta elettronica | Indirizzo e-mail | Indirizzo di posta elettronica | Indirizzo mail | E-mail aziendale | Indirizzo e-mail aziendale | Posta aziendale',
    title:
      'Qualifica | Mansione | Posizione | Titolo | Incarico | Professione | Titolo professionale | Posizione lavorativa | Titolo di lavoro | Ruolo ? | Funzione ? | Ruolo aziendale',
    secondEmail:
      'E-mail secondaria | E-mail alternativa | Seconda e-mail | Altra e-mail | E-mail di recupero',
    mobilePhone:
      'Cellulare | Telefono cellulare | Telefono mobile | Numero di cellulare | Numero cellulare | Telefonino | Cell',
    primaryPhone:
      'Telefono | Numero di telefono | Numero telefono | Telefono fisso | Telefono ufficio | Recapito telefonico | N telefono',
    streetAddress: 'Via ? | Via e numero | Via e numero civico | Via Piazza',
    city: 'Città | Comune ? | Località',
    state: 'Provincia | Regione | Prov | Stato ??',
    zipCode: 'CAP ? | Codice postale | Codice di avviamento postale',
    countryCode: 'Paese | Nazione | Codice paese | Codice nazione',
    postalAddress: 'Indirizzo postale | Indirizzo completo',
    address: 'Indirizzo',
    preferredLanguage: 'Lingua | Lingua preferita',
    locale: 'Impostazioni locali | Impostazioni internazionali',
    timezone: 'Fuso orario',
    userType:
      'Tipo di contratto | Tipo contratto | Tipo dipendente | Tipo di dipendente | Tipologia contrattuale | Tipo utente | Tipologia contratto',
    employeeNumber:
      'Matricola | Numero matricola | Numero di matricola | Codice dipendente | ID dipendente | Numero dipendente | N matricola | Codice matricola',
    costCenter: 'Centro di costo | Centro costo | Centri di costo',
    organization: 'Azienda | Società | Organizzazione | Ragione sociale | Ditta | Impresa',
    division: 'Divisione | Unità aziendale | Unità di business',
    department: 'Reparto | Dipartimento | Settore | Unità organizzativa | Direzione ? | Ufficio ? | Area ??',
    managerId: 'Matricola del responsabile | Matricola responsabile | ID responsabile',
    manager:
      'Responsabile | Superiore | Capo | Supervisore | Responsabile diretto | Superiore diretto | Superiore gerarchico | Capo ufficio | Riporta a',
    groups: 'Gruppo | Gruppi | Nome gruppo | Membro di | Gruppi di sicurezza',
    password: 'Password iniziale | Password temporanea | Parola chiave ??',
    recoveryQuestion: 'Domanda di sicurezza | Domanda segreta',
    recoveryAnswer: 'Risposta di sicurezza | Risposta segreta',
    startDate:
      'Data di inizio | Data inizio | Data di assunzione | Data assunzione | Inizio | Assunzione | Data di ingresso',
    endDate: 'Data di fine | Data fine | Data di cessazione | Data cessazione | Fine | Data di uscita',
    location: 'Sede | Sede di lavoro | Luogo di lavoro',
  },
  parts: {
    email: 'e-mail | posta elettronica | indirizzo e-mail | mail | indirizzo di posta elettronica | posta',
    phone: 'telefono | tel | numero di telefono | numero telefono',
    mobile: 'cellulare | telefono cellulare | telefono mobile | cell',
    work: 'aziendale | lavoro | ufficio | azienda | professionale | lavorativa',
    private: 'personale | privata | privato | casa',
    manager: 'responsabile | superiore | capo | manager | supervisore | responsabile diretto',
    employee: 'dipendente | utente | collaboratore | lavoratore',
    id: 'ID | numero | num | n | no | codice | matricola',
    name: 'nome | nominativo | nome completo',
    filler: 'di | del | della | dei | e | il | la | dell',
  },
};
