import type { Session } from './types.js';

/** A session as a page knows it. */
export interface KnownSession extends Session {
  /** It is over, while the page still shows what belongs to its person. */
  readonly hasEnded: boolean;
}

/**
 * What is known after a session was read. When it has ended under an open page, its person stays known: the page goes on to
 * show what they typed, and asks them to sign in again.
 */
export function sessionAfter(before: KnownSession | undefined, read: Session): KnownSession {
  return before?.user && !read.user ? { ...before, hasEnded: true } : { ...read, hasEnded: false };
}

/** True for a page that belongs to the person who is signed in. */
export function isPersonalPage(pathname: string): boolean {
  return /^\/(dashboard|settings|publisher|finance|operator|accept-terms)(\/|$)/.test(pathname);
}
