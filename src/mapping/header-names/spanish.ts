import type { LanguageNames } from './language-names.js';

export const spanish: LanguageNames = {
  language: 'Spanish',
  fields: {
    login:
      'Usuario | Nombre de usuario | Nombre de inicio de sesión | Nombre de cuenta | Inicio de sesión | Cuenta de usuario | Cuenta ??',
    firstName: 'Nombres | Primer nombre | Nombre de pila',
    lastName: 'Apellidos | Apellido | Primer apellido | Apellido paterno',
    name: 'Nombre',
    fullName:
      'Nombre completo | Nombre y apellidos | Nombre y apellido | Nombres y apellidos | Apellidos y nombre | Apellidos y nombres | Apellidos Nombre | Apellido y nombre | Nombre Apellidos | Nombre del empleado | Empleado | Empleada | Colaborador | Trabajador',
    displayName: 'Nombre para mostrar | Nombre visible | Nombre mostrado',
    middleName: 'Segundo nombre',
    honorificPrefix: 'Tratamiento | Título | Prefijo | Tratamiento de cortesía',
    honorificSuffix: 'Sufijo',
    email:
      'Correo electrónico | Correo | E-mail | Dirección de correo electrónico | Dirección de correo | Dirección de e-mail | Correo-e | Correo corporativo | Correo institucional | Correo electrónico corporativo',
    title:
      'Puesto | Cargo ? | Puesto de trabajo | Título del puesto | Posición | Ocupación | Función | Título | Profesión | Denominación del puesto | Nombre del puesto',
    nickName: 'Apodo | Sobrenombre',
    secondEmail:
      'Correo alternativo | Correo secundario | Segundo correo | Correo de recuperación | Otro correo',
    mobilePhone:
      'Móvil | Celular | Teléfono móvil | Teléfono celular | Número de móvil | Número de celular | N móvil | Tel móvil',
    primaryPhone:
      'Teléfono | Tfno | Telf | Número de teléfono | N de teléfono | Teléfono fijo | Teléfono de oficina | Tel fijo',
    streetAddress: 'Calle | Calle y número | Nombre de la calle',
    city: 'Ciudad | Localidad | Población | Municipio',
    state: 'Provincia | Región | Comunidad autónoma | Estado ?? | Estado o provincia',
    zipCode: 'Código postal | CP ?',
    countryCode: 'País | Código de país | Código del país | Código país',
    postalAddress: 'Dirección postal | Dirección completa',
    address: 'Dirección | Domicilio',
    preferredLanguage: 'Idioma | Idioma preferido | Lengua | Idioma de preferencia',
    locale: 'Configuración regional',
    timezone: 'Zona horaria | Huso horario',
    userType:
      'Tipo de empleado | Tipo de contrato | Tipo de usuario | Tipo de trabajador | Tipo de colaborador',
    employeeNumber:
      'Número de empleado | N de empleado | No de empleado | Núm empleado | N empleado | ID de empleado | ID empleado | Legajo | Código de empleado | Matrícula | Número de personal | Número de legajo | Clave de empleado | Número de nómina | N legajo | Número de trabajador',
    costCenter: 'Centro de costo | Centro de costos | Centro de coste | Centro de costes | CECO',
    organization: 'Empresa | Organización | Compañía | Sociedad | Razón social | Nombre de la empresa',
    division: 'División | Unidad de negocio | Gerencia ?',
    department: 'Departamento | Área ? | Unidad organizativa | Depto | Dpto | Sección ? | Área de trabajo',
    managerId: 'ID del jefe | Legajo del jefe | Número de empleado del jefe',
    manager:
      'Jefe | Jefa | Jefe directo | Jefe inmediato | Responsable | Gerente | Superior | Superior directo | Superior inmediato | Reporta a | Encargado | Responsable directo',
    groups: 'Grupo | Grupos | Nombre del grupo | Miembro de | Grupos de seguridad | Pertenencia a grupos',
    password: 'Contraseña | Contraseña inicial | Contraseña temporal | Clave ??',
    recoveryQuestion: 'Pregunta de seguridad | Pregunta secreta',
    recoveryAnswer: 'Respuesta de seguridad | Respuesta secreta',
    startDate:
      'Fecha de inicio | Fecha de ingreso | Fecha de alta | Fecha de contratación | Fecha de incorporación | Inicio | Ingreso | Fecha inicio | Fecha de entrada',
    endDate:
      'Fecha de fin | Fecha de baja | Fecha de término | Fecha de salida | Fin | Fecha fin | Fecha de finalización',
    location: 'Ubicación | Sede | Oficina | Centro de trabajo | Sucursal | Lugar de trabajo',
  },
  parts: {
    email:
      'correo electrónico | correo | e-mail | dirección de correo electrónico | dirección de correo | mail',
    phone: 'teléfono | tel | tfno | telf | número de teléfono',
    mobile: 'móvil | celular | teléfono móvil | teléfono celular',
    work: 'corporativo | laboral | trabajo | oficina | empresa | profesional | institucional | empresarial',
    private: 'personal | privado | privada | particular | casa',
    manager:
      'jefe | jefa | responsable | gerente | supervisor | superior | manager | jefe directo | encargado',
    employee: 'empleado | empleada | colaborador | colaboradora | trabajador | trabajadora | usuario',
    id: 'ID | número | núm | n | no | código | legajo',
    name: 'nombre | nombre completo',
    filler: 'de | del | la | el | los | las | y',
  },
};
