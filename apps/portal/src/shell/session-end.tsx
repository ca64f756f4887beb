import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { sessionQuery } from '../api/session.js';

/** When a session ends while a page is open, the page's guard decides again: it leads to the sign-in, and back. */
export function useSessionEnd(): void {
  const router = useRouter();
  const { data: session } = useQuery(sessionQuery);
  const wasSignedIn = useRef(false);
  const isSignedIn = Boolean(session?.user);
  useEffect(() => {
    if (wasSignedIn.current && !isSignedIn) void router.invalidate();
    wasSignedIn.current = isSignedIn;
  }, [isSignedIn, router]);
}
