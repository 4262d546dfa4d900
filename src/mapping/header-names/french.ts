import type { LanguageNames } from './language-names.js';

export const french: LanguageNames = {
  language: 'French',
  fields: {
    login:
      "Identifiant | Nom d'utilisateur | Identifiant de connexion | Nom de connexion | Compte utilisateur | Nom d'ouverture de session | Nom de compte | Utilisateur ??",
    firstName: 'Prénom | Prénoms | Prénom usuel',
    lastName: "Nom de famille | Nom patronymique | Nom d'usage | Nom usuel",
    name: 'Nom',
    fullName:
      "Nom complet | Nom et prénom | Nom et prénoms | Prénom et nom | Nom Prénom | Prénom Nom | Nom du salarié | Nom de l'employé | Collaborateur | Collaboratrice | Salarié | Salariée",
    displayName: "Nom affiché | Nom d'affichage | Nom complet affiché",
    middleName: 'Deuxième prénom | Second prénom | 2e prénom | Autres prénoms',
    honorificPrefix: 'Civilité | Titre de civilité | Titre | Formule de politesse',
    honorificSuffix: 'Suffixe',
    email:
      'E-mail | Courriel | Adresse e-mail | Adresse électronique | Adresse mail | Adresse courriel | Adresse de messagerie | Mél | Messagerie | Courrier électronique | Adresse de courriel',
    title:
      'Poste | Fonction | Intitulé du poste | Intitulé de poste | Titre du poste | Titre | Emploi | Métier | Libellé emploi | Libellé du poste | Profession | Poste occupé | Intitulé du poste de travail | Titre de poste',
    nickName: 'Surnom | Pseudonyme',
    secondEmail:
      'E-mail secondaire | Second e-mail | Courriel secondaire | Adresse e-mail secondaire | E-mail de secours | Autre e-mail | E-mail alternatif',
    mobilePhone:
      'Portable ? | Mobile | Téléphone portable | Téléphone mobile | Numéro de portable | Tél portable | Cellulaire | Tél mobile | GSM | N de portable | Numéro de mobile',
    primaryPhone:
      'Téléphone | Tél | Numéro de téléphone | N de téléphone | Téléphone fixe | Téléphone bureau | Ligne directe | Fixe ? | N tél',
    streetAddress: 'Rue | Adresse ligne 1 | Numéro et rue | N et rue | Numéro et nom de rue | Voie ?',
    city: 'Ville | Commune | Localité',
    state: 'Région | Province | Canton | État ??',
    zipCode: 'Code postal | CP ?',
    countryCode: 'Pays | Code pays | Code du pays',
    postalAddress: 'Adresse postale | Adresse complète',
    address: 'Adresse',
    preferredLanguage: 'Langue | Langue préférée | Langue de correspondance | Langue de communication',
    locale: 'Paramètres régionaux',
    timezone: 'Fuseau horaire',
    userType:
      "Type de contrat | Type d'employé | Type de salarié | Type de collaborateur | Type d'utilisateur | Type d'emploi",
    employeeNumber:
      "Matricule | Numéro d'employé | N d'employé | Numéro de salarié | Numéro matricule | ID employé | Identifiant salarié | Identifiant | Numéro du personnel | N matricule | Code salarié | Identifiant employé | Numéro de matricule | N salarié | Matricule salarié",
    costCenter: 'Centre de coût | Centre de coûts | Centre de frais | Section analytique',
    organization: 'Entreprise | Société | Organisation | Raison sociale | Employeur | Nom de la société',
    division: 'Division | Direction ? | Branche | Pôle | Unité commerciale',
    department:
      "Service ? | Département | Unité organisationnelle | Service d'affectation | Service de rattachement | Unité ??",
    managerId: 'Matricule du manager | Matricule du responsable | Matricule manager | Matricule N+1',
    manager:
      'Responsable | Supérieur hiérarchique | Supérieur | Supérieure | Chef | Responsable hiérarchique | N+1 | Manager direct | Encadrant | Chef de service | Responsable direct | Hiérarchie ??',
    groups: 'Groupe | Groupes | Nom du groupe | Membre de | Groupes de sécurité | Appartenance aux groupes',
    password: 'Mot de passe | Mot de passe initial | Mot de passe temporaire | Mot de passe provisoire | MDP',
    recoveryQuestion: 'Question secrète | Question de sécurité',
    recoveryAnswer: 'Réponse secrète | Réponse de sécurité | Réponse à la question secrète',
    startDate:
      "Date d'entrée | Date d'embauche | Date de début | Début | Date d'arrivée | Entrée | Embauche | Début de contrat | Date de prise de poste | Date début contrat",
    endDate:
      'Date de sortie | Date de fin | Fin | Date de départ | Fin de contrat | Sortie | Date fin contrat',
    location: 'Site | Lieu | Lieu de travail | Bureau | Localisation | Établissement | Site de rattachement',
  },
  parts: {
    email: 'e-mail | courriel | adresse e-mail | mail | adresse mail | messagerie | adresse électronique',
    phone: 'téléphone | tél | numéro de téléphone | n de téléphone',
    mobile: 'portable | mobile | cellulaire | téléphone portable | téléphone mobile',
    work: 'professionnel | professionnelle | pro | travail | bureau | entreprise',
    private: 'personnel | personnelle | perso | privé | privée | domicile',
    manager:
      'manager | responsable | supérieur | supérieur hiérarchique | chef | responsable hiérarchique | N+1',
    employee:
      'employé | employée | salarié | salariée | collaborateur | collaboratrice | utilisateur | agent',
    id: 'ID | identifiant | matricule | numéro | n | no | code',
    name: 'nom | nom complet',
    filler: 'de | du | d | des | l | la | le | les | et | à | au',
  },
};
