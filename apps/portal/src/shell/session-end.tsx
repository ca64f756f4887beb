import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, Suspense, lazy, useEffect, useRef } from 'react';
import { isPersonalPage } from '../api/session-end.js';
import { beginSessionAnew, forgetPersonalData, sessionQuery } from '../api/session.js';

const SignInAgain = lazy(async () => ({ default: (await import('./sign-in-again.js')).SignInAgain }));

/**
 * What happens when a session ends while a page is open. A page of one's own stays as it is, with all that was typed there, below
 * the question to sign in again; any other goes on as for a visitor.
 */
export function SessionEnd(): ReactNode {
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const isPersonal = useLocation({ select: ({ pathname }) => isPersonalPage(pathname) });
  const hasEnded = session?.hasEnded === true;
  useForgetOther(session?.user?.id);
  useEffect(() => {
    if (!hasEnded || isPersonal) return;
    void beginSessionAnew(queryClient).then(() => forgetPersonalData(queryClient));
  }, [hasEnded, isPersonal, queryClient]);
  if (!hasEnded || !isPersonal || !session?.user) return null;
  return (
    <Suspense fallback={null}>
      <SignInAgain user={session.user} />
    </Suspense>
  );
}

/** Somebody else has signed in, in another tab: nothing of who was here before stays. */
function useForgetOther(userId: string | undefined): void {
  const last = useRef(userId);
  useEffect(() => {
    const isOther = last.current !== undefined && userId !== undefined && last.current !== userId;
    last.current = userId;
    if (isOther) window.location.assign('/dashboard');
  }, [userId]);
}
