import { type StaticFile, toStaticFile } from '../static/static-files.js';
import type { ApiSettings } from '../tokens.js';
import { drawnLogo, readLogo } from './logo.js';
import { themeCss } from './theme-css.js';

/** Under what name, with what look and what addresses people meet this installation. */
export interface Brand {
  readonly name: string;
  /** What the home page says below its headline; null for the portal's own words. */
  readonly tagline: string | null;
  /** Of pages that every page links to, in the order of the footer. */
  readonly links: readonly BrandLink[];
  readonly logo: StaticFile;
  /** Sets the colours of pages; without any where the accent is the portal's own. */
  readonly theme: StaticFile;
}

export interface BrandLink {
  readonly label: string;
  readonly url: string;
}

type BrandSettings = Pick<
  ApiSettings,
  | 'PORTAL_NAME'
  | 'PORTAL_TAGLINE'
  | 'PORTAL_ACCENT'
  | 'PORTAL_LOGO'
  | 'SUPPORT_URL'
  | 'TERMS_URL'
  | 'PRIVACY_URL'
  | 'LEGAL_NOTICE_URL'
>;

/** The brand of the settings. Rejects with a SettingsError when the logo cannot be read. */
export async function loadBrand(settings: BrandSettings): Promise<Brand> {
  const { PORTAL_NAME: name, PORTAL_TAGLINE: tagline, PORTAL_ACCENT: accent, PORTAL_LOGO: file } = settings;
  return {
    name,
    tagline: tagline ?? null,
    links: linksOf(settings),
    logo: file === undefined ? await drawnLogo(name, accent) : await readLogo(file),
    theme: await toStaticFile(Buffer.from(themeCss(accent)), '.css'),
  };
}

function linksOf(settings: BrandSettings): BrandLink[] {
  const links = {
    Support: settings.SUPPORT_URL,
    Terms: settings.TERMS_URL,
    Privacy: settings.PRIVACY_URL,
    'Legal notice': settings.LEGAL_NOTICE_URL,
  };
  return Object.entries(links).flatMap(([label, url]) => (url === undefined ? [] : [{ label, url }]));
}
