import type { QueryClient } from '@tanstack/react-query';
import { notFound, redirect } from '@tanstack/react-router';
import { sessionQuery } from '../api/session.js';
import type { KnownSession } from '../api/session-end.js';
import type { Session } from '../api/types.js';
import { homeOf } from '../shell/areas.js';
import { isServerPage, safePath } from './safe-path.js';

export interface GuardInput {
  readonly context: { readonly queryClient: QueryClient };
  readonly location: { readonly href: string };
}

/** Visitors go to the sign-in page and come back afterwards; those who have terms to accept accept them first. */
export async function requireSignedIn({ context, location }: GuardInput): Promise<KnownSession> {
  const session = await context.queryClient.ensureQueryData(sessionQuery);
  if (!session.user || session.hasEnded) throw redirect({ to: '/sign-in', search: signInSearch(location.href) });
  if (session.termsToAccept && !opensWithoutTerms(location.href)) {
    throw redirect({ to: '/accept-terms', search: { redirect: location.href } });
  }
  return session;
}

/** Who does not accept the terms can still take their data and go. */
function opensWithoutTerms(href: string): boolean {
  return /^\/(settings|accept-terms)\b/.test(href);
}

/** For those without the role the page does not exist; those who lack a second factor that it asks for go to set it up. */
export function requireArea(isOpen: (session: Session) => boolean) {
  return async (input: GuardInput): Promise<void> => {
    const session = await requireSignedIn(input);
    if (!isOpen(session)) throw notFound();
    if (session.twoFactorMissing) throw redirect({ to: '/settings/security' });
  };
}

/** Someone who is signed in has no use for the pages that lead there. */
export async function requireVisitor({ context }: GuardInput, target?: string): Promise<void> {
  const session = await context.queryClient.ensureQueryData(sessionQuery);
  if (!session.user || session.hasEnded) return;
  const href = safePath(target, homeOf(session));
  throw redirect({ href, reloadDocument: isServerPage(href) });
}

/** A mail link that has expired comes back to its target with an error; the sign-in page explains it. */
export function signInSearch(href: string): { redirect: string; error?: string } {
  const target = new URL(href, 'http://portal.invalid');
  const error = target.searchParams.get('error');
  target.searchParams.delete('error');
  const path = `${target.pathname}${target.search}${target.hash}`;
  return error === null ? { redirect: path } : { redirect: path, error };
}
