import type { PublicPlace } from '#persistence';
import { docsPath } from './docs-page.js';
import { escapeHtml as text } from './html.js';

const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';
/** Pages that are there whatever is in the catalogue. They stand in the first file. */
const OWN_PAGES = ['/', '/docs', '/agents', '/status', '/docs/tollgate/v1'];
/** A file may name 50,000 addresses. */
export const PLACES_OF_A_FILE = 50_000 - OWN_PAGES.length;

/** How many files all public pages need; at least one. */
export function sitemapFiles(places: number): number {
  return Math.max(1, Math.ceil(places / PLACES_OF_A_FILE));
}

/** A file of addresses for search engines (sitemaps.org), with the day of the last change where it is known. */
export function renderSitemap(places: readonly PublicPlace[], origin: string, isFirst: boolean): string {
  const own = isFirst ? OWN_PAGES.map((path) => entry(origin + path, null)) : [];
  const urls = [...own, ...places.map((place) => entry(origin + pathOf(place), place.changedAt))];
  return file('urlset', urls);
}

/** The file that names the others, where there are several. */
export function renderSitemapIndex(files: number, origin: string): string {
  const places = Array.from({ length: files }, (_, index) => `${origin}/sitemaps/${index + 1}.xml`);
  return file(
    'sitemapindex',
    places.map((place) => `<sitemap><loc>${text(place)}</loc></sitemap>`),
  );
}

/** What search engines may read: what the pages of the catalogue ask for, and nothing that needs an account. */
export function renderRobots(origin: string): string {
  return `User-agent: *
Allow: /api/v1/catalog/
Allow: /api/v1/settings
Allow: /api/v1/session
Allow: /api/v1/status
Allow: /api/v1/apis/
${CLOSED.map((path) => `Disallow: ${path}\n`).join('')}
Sitemap: ${origin}/sitemap.xml
`;
}

/** Addresses that begin so are for those who sign in, for programs, or for one person each. */
const CLOSED = [
  '/api/',
  '/mcp',
  '/dashboard',
  '/settings',
  '/publisher',
  '/finance',
  '/operator',
  '/sign-in',
  '/sign-up',
  '/accept-terms',
  '/invitation',
  '/forgot-password',
  '/reset-password',
  '/confirm-email',
  '/inbox',
];

function pathOf({ kind, slug, name }: PublicPlace): string {
  if (kind === 'version') return docsPath(slug, name ?? '');
  return `/products/${encodeURIComponent(slug)}${kind === 'terms' ? '/terms' : ''}`;
}

function entry(address: string, changedAt: Date | null): string {
  const day = changedAt === null ? '' : `<lastmod>${changedAt.toISOString().slice(0, 10)}</lastmod>`;
  return `<url><loc>${text(address)}</loc>${day}</url>`;
}

function file(element: string, entries: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<${element} xmlns="${NAMESPACE}">
${entries.join('\n')}
</${element}>
`;
}
