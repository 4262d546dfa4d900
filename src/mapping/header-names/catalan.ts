import type { LanguageNames } from './language-names.js';

export const catalan: LanguageNames = {
  language: 'Catalan',
  fields: {
    login: "Usuari | Nom d'usuari | Nom d'usuària | Compte d'usuari",
    firstName: 'Nom de pila',
    lastName: 'Cognom | Cognoms | Primer cognom',
    name: 'Nom',
    fullName:
      'Nom complet | Nom i cognoms | Nom i cognom | Cognoms i nom | Empleat | Empleada | Treballador | Treballadora',
    displayName: 'Nom a mostrar | Nom visible',
    honorificPrefix: 'Tractament',
    email:
      'Correu electrònic | Correu | Correu-e | Adreça electrònica | Adreça de correu | Adreça de correu electrònic | Correu corporatiu',
    secondEmail: 'Correu personal | Correu electrònic personal | Correu alternatiu',
    title: 'Càrrec | Lloc de treball | Posició',
    mobilePhone: 'Mòbil | Telèfon mòbil | Número de mòbil',
    primaryPhone: 'Telèfon | Número de telèfon | Telèfon fix',
    streetAddress: 'Carrer | Carrer i número',
    city: 'Ciutat | Població | Localitat | Municipi',
    state: 'Província',
    zipCode: 'Codi postal | CP ?',
    countryCode: 'País | Codi de país | Codi del país',
    address: 'Adreça | Domicili',
    preferredLanguage: 'Idioma | Llengua',
    timezone: 'Zona horària | Fus horari',
    employeeNumber:
      "Número d'empleat | Núm d'empleat | Codi d'empleat | ID d'empleat | Número de treballador | Codi de treballador",
    costCenter: 'Centre de cost | Centre de costos',
    organization: 'Empresa | Organització | Companyia',
    division: 'Divisió',
    department: 'Departament | Àrea ? | Secció ?',
    manager: 'Responsable | Responsable directe | Cap ? | Cap directe | Superior | Superior directe | Gestor',
    groups: 'Grup | Grups ?',
    password: 'Contrasenya',
    startDate:
      "Data d'alta | Data d'inici | Data inici | Data d'incorporació | Data de contractació | Data d'ingrés",
    endDate: 'Data de baixa | Data de fi | Data fi | Data de finalització',
    location: 'Ubicació | Seu ? | Oficina | Centre de treball',
  },
  parts: {},
};
