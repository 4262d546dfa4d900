import type { LanguageNames } from './language-names.js';

export const portuguese: LanguageNames = {
  language: 'Portuguese',
  fields: {
    login:
      'Usuário | Utilizador | Nome de usuário | Nome de utilizador | Nome da conta | Conta de usuário | Nome de login | Conta ??',
    firstName: 'Primeiro nome | Nome próprio | Prenome | Nomes próprios',
    lastName: 'Sobrenome | Último nome | Apelido | Apelidos | Nome de família | Sobrenomes',
    name: 'Nome',
    fullName:
      'Nome completo | Nome do funcionário | Nome do colaborador | Funcionário | Funcionária | Colaborador | Nome e sobrenome | Nome e apelido | Nome Sobrenome',
    displayName: 'Nome de exibição | Nome a apresentar | Nome exibido',
    middleName: 'Nome do meio | Segundo nome',
    honorificPrefix: 'Tratamento | Pronome de tratamento | Título | Forma de tratamento',
    honorificSuffix: 'Sufixo',
    email:
      'E-mail | Correio eletrónico | Correio eletrônico | Endereço de e-mail | Endereço de correio eletrónico | Endereço de correio eletrônico | E-mail corporativo | E-mail institucional',
    title:
      'Cargo ? | Função | Posição | Título do cargo | Ocupação | Profissão | Título | Nome do cargo | Categoria profissional',
    nickName: 'Apelido | Alcunha',
    secondEmail: 'E-mail secundário | E-mail alternativo | Segundo e-mail | E-mail de recuperação',
    mobilePhone:
      'Celular | Telemóvel | Telefone celular | Número de celular | Número de telemóvel | Telefone móvel | N de telemóvel | N telemóvel | Tel celular',
    primaryPhone:
      'Telefone | Número de telefone | Telefone fixo | Telefone comercial | Fone | N de telefone | Telefone do trabalho',
    streetAddress: 'Rua | Logradouro | Rua e número',
    city: 'Cidade | Município | Concelho | Localidade',
    state: 'UF | Província | Distrito | Região | Estado ?? | Estado ou província',
    zipCode: 'CEP | Código postal',
    countryCode: 'País | Código do país | Código de país',
    postalAddress: 'Endereço postal | Endereço completo | Morada completa',
    address: 'Endereço | Morada',
    preferredLanguage: 'Idioma | Língua | Idioma preferido | Idioma preferencial',
    locale: 'Configuração regional | Definições regionais',
    timezone: 'Fuso horário',
    userType:
      'Tipo de funcionário | Tipo de contrato | Tipo de colaborador | Tipo de usuário | Tipo de vínculo | Tipo de utilizador',
    employeeNumber:
      'Matrícula | Número de matrícula | Número do funcionário | Número de funcionário | Número de colaborador | ID do funcionário | Número de empregado | Chapa ? | Número mecanográfico | Código do funcionário | N de colaborador | N funcionário | N mecanográfico',
    costCenter: 'Centro de custo | Centro de custos',
    organization: 'Empresa | Organização | Companhia | Razão social | Nome da empresa',
    division: 'Divisão | Unidade de negócio | Unidade de negócios | Diretoria | Direção ?',
    department: 'Departamento | Setor | Área ? | Unidade organizacional | Depto | Secção ?',
    managerId: 'Matrícula do gestor | ID do gestor | Matrícula do gerente',
    manager:
      'Gestor | Gestora | Gerente | Chefe | Superior | Superior imediato | Superior hierárquico | Líder | Gestor imediato | Gestor direto | Chefia | Responsável | Chefe direto',
    groups: 'Grupo | Grupos | Nome do grupo | Membro de | Grupos de segurança',
    password: 'Senha | Palavra-passe | Senha inicial | Senha temporária | Palavra-passe inicial',
    recoveryQuestion: 'Pergunta de segurança | Pergunta secreta',
    recoveryAnswer: 'Resposta de segurança | Resposta secreta',
    startDate:
      'Data de início | Data de admissão | Admissão | Início | Data de entrada | Data de contratação | Data início',
    endDate:
      'Data de término | Data de fim | Data de saída | Data de demissão | Data de desligamento | Término | Data fim',
    location: 'Localização | Local de trabalho | Unidade | Escritório | Filial | Sede',
  },
  parts: {
    email: 'e-mail | correio eletrónico | correio eletrônico | endereço de e-mail',
    phone: 'telefone | tel | fone | número de telefone',
    mobile: 'celular | telemóvel | telefone celular | telefone móvel',
    work: 'corporativo | profissional | trabalho | empresa | comercial | institucional | empresarial | escritório',
    private: 'pessoal | particular | privado | casa',
    manager: 'gestor | gestora | gerente | chefe | supervisor | superior | líder | responsável | manager',
    employee: 'funcionário | funcionária | colaborador | colaboradora | empregado | usuário | utilizador',
    id: 'ID | número | núm | n | no | código | matrícula',
    name: 'nome | nome completo',
    filler: 'de | do | da | dos | das | e | o | a',
  },
};
