import { TollgateError } from '#domain';
import { type ServiceContext, hasAcceptedPortalTerms } from '#services';
import type { ApiSettings } from '../tokens.js';

/** Of the newest acceptances, so that they cost no look-up; they cannot be taken back. */
const REMEMBERED = 10_000;
const accepted = new WeakMap<ServiceContext, Set<string>>();

/** The portal's own terms; null when none are set. */
export function portalTermsOf({
  TERMS_URL: url,
  TERMS_VERSION: version,
}: Pick<ApiSettings, 'TERMS_URL' | 'TERMS_VERSION'>): { readonly url: string; readonly version: string } | null {
  return url !== undefined && version !== undefined ? { url, version } : null;
}

/** The terms that the person has to accept before they go on; null when there are none. */
export async function termsToAccept(
  context: ServiceContext,
  settings: Pick<ApiSettings, 'TERMS_URL' | 'TERMS_VERSION'>,
  userId: string,
): Promise<{ readonly url: string; readonly version: string } | null> {
  const terms = portalTermsOf(settings);
  if (terms === null) return null;
  const known = accepted.get(context) ?? new Set();
  accepted.set(context, known);
  const key = `${userId} ${terms.version}`;
  if (known.has(key)) return null;
  if (!(await hasAcceptedPortalTerms(context, userId, terms.version))) return terms;
  if (known.size >= REMEMBERED) known.clear();
  known.add(key);
  return null;
}

/** Somebody works in the portal who has not accepted its terms, or not those in force. */
export class PortalTermsError extends TollgateError {
  override readonly kind = 'forbidden';

  constructor({ url, version }: { readonly url: string; readonly version: string }) {
    super(
      'portal_terms_not_accepted',
      `Read version ${version} of the terms at ${url}, then accept it with POST /api/v1/user/terms {"version":"${version}"}. Your settings, your data and their deletion stay open.`,
    );
  }
}
