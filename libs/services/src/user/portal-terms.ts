import { ConflictError, NotFoundError } from '#domain';
import {
  type PortalTerms,
  hasAcceptedPortalTerms as readAcceptance,
  insertPortalTermsAcceptance,
  insertPortalTermsAcceptanceOfNewUser,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { appendUserChange } from './user-change.js';

/** True when the person has accepted this version of the portal's terms. */
export function hasAcceptedPortalTerms(context: ServiceContext, userId: string, version: string): Promise<boolean> {
  return context.unitOfWork.inSystem((transaction) => readAcceptance(transaction, userId, version));
}

/**
 * Makes sure that who signs up accepts the terms in force, where there are any.
 * @throws ConflictError `portal_terms_not_accepted`, `portal_terms_changed`
 */
export function requirePortalTerms(terms: PortalTerms | null, accepted: string | undefined): void {
  if (terms === null) return;
  if (accepted === undefined) {
    throw new ConflictError(
      'portal_terms_not_accepted',
      `The terms must be accepted: read version ${terms.version} at ${terms.url} and send it as acceptedTerms.`,
    );
  }
  refuseOtherVersion(terms, accepted);
}

/** Writes down that the person who has just signed up with the address accepts the terms; nothing for a known one. */
export function recordPortalTermsOfSignUp(
  context: ServiceContext,
  { email, terms }: { readonly email: string; readonly terms: PortalTerms },
): Promise<void> {
  const at = context.clock.now();
  return context.unitOfWork.inSystem((transaction) =>
    insertPortalTermsAcceptanceOfNewUser(transaction, { email, terms, at }),
  );
}

/**
 * Writes down that the person accepts the version of the terms that they have read; once more changes nothing.
 * @throws NotFoundError `portal_terms_not_found` without terms; ConflictError `portal_terms_changed`
 */
export function acceptPortalTerms(
  context: ServiceContext,
  { userId, terms, version }: { readonly userId: string; readonly terms: PortalTerms | null; readonly version: string },
): Promise<void> {
  if (terms === null) throw new NotFoundError('portal terms', 'This portal has no terms to accept.');
  refuseOtherVersion(terms, version);
  return context.unitOfWork.inSystem(async (transaction) => {
    const isNew = await insertPortalTermsAcceptance(transaction, { userId, terms, at: context.clock.now() });
    if (isNew)
      await appendUserChange(context, transaction, { userId, action: 'accepted the terms as', details: { version } });
  });
}

function refuseOtherVersion(terms: PortalTerms, version: string): void {
  if (terms.version === version) return;
  throw new ConflictError(
    'portal_terms_changed',
    `The terms in force are version ${terms.version}, not ${version}: read and accept these, at ${terms.url}.`,
  );
}
