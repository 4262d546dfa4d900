import { ok, type Call, type OperationResult } from './operations.js';
import type { Org } from './org.js';
import { notFound } from './okta-error.js';

const DEFAULT_NAME = 'Sandbox Org';
const BRAND_ID = 'bndSaNdBoXbRaNd00001';
const THEME_ID = 'thdSaNdBoXtHeMe00001';

/** `GET /api/v1/org`: the general settings. */
export function getOrgSettings(org: Org, { origin }: Call): OperationResult {
  const { created } = org.defaultUserType;
  return ok({
    address1: null,
    address2: null,
    city: null,
    companyName: nameOf(org),
    country: null,
    endUserSupportHelpURL: null,
    phoneNumber: null,
    postalCode: null,
    state: null,
    supportPhoneNumber: null,
    website: null,
    id: '00oSaNdBoXoRg0000001',
    created,
    lastUpdated: created,
    expiresAt: null,
    status: 'ACTIVE',
    subdomain: 'sandbox',
    _links: {
      logo: { href: `${origin}/api/v1/org/logo`, hints: { allow: ['POST'] } },
      preferences: { href: `${origin}/api/v1/org/preferences`, hints: { allow: ['GET'] } },
    },
  });
}

/** `GET /api/v1/brands`: every org has one. */
export function listBrands(org: Org, { origin }: Call): OperationResult {
  const self = `${origin}/api/v1/brands/${BRAND_ID}`;
  return ok([
    {
      id: BRAND_ID,
      name: nameOf(org),
      removePoweredByOkta: false,
      isDefault: true,
      agreeToCustomPrivacyPolicy: false,
      customPrivacyPolicyUrl: null,
      locale: null,
      defaultApp: null,
      _links: {
        self: { href: self, hints: { allow: ['GET', 'PUT'] } },
        themes: { href: `${self}/themes`, hints: { allow: ['GET'] } },
      },
    },
  ]);
}

/** `GET /api/v1/brands/{brandId}/themes`: a brand has exactly one. */
export function listBrandThemes(org: Org, { params, origin }: Call): OperationResult {
  const brandId = params['brand'] ?? '';
  if (brandId !== BRAND_ID) throw notFound(brandId, 'Brand');
  const self = `${origin}/api/v1/brands/${BRAND_ID}/themes/${THEME_ID}`;
  return ok([
    {
      id: THEME_ID,
      logo: org.options.logoUrl ?? null,
      favicon: null,
      backgroundImage: null,
      primaryColorHex: '#1662dd',
      primaryColorContrastHex: '#ffffff',
      secondaryColorHex: '#ebebed',
      secondaryColorContrastHex: '#000000',
      signInPageTouchPointVariant: 'OKTA_DEFAULT',
      endUserDashboardTouchPointVariant: 'OKTA_DEFAULT',
      errorPageTouchPointVariant: 'OKTA_DEFAULT',
      emailTemplateTouchPointVariant: 'OKTA_DEFAULT',
      _links: { self: { href: self, hints: { allow: ['GET', 'PUT'] } } },
    },
  ]);
}

function nameOf({ options }: Org): string {
  return options.companyName ?? DEFAULT_NAME;
}
