import { escapeHtml } from '../docs/html.js';
import type { BrandLink } from './brand.js';

/** The logo beside the portal's name, which says it. */
export const LOGO = '<img src="/brand/logo" alt="" class="logo" height="28">';

/** HTML of the links that the operator has set, for a list of links. */
export function brandLinks(links: readonly BrandLink[]): string {
  return links.map(({ label, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`).join('');
}
