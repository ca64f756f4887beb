import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem.js';
import { sessionKey } from './session.js';

/**
 * One cache for the page. An answer of 401 means that the session has ended, and one of 403 or 404 that a role may have been
 * lowered or a membership ended: who is signed in, and as what, is then read anew.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (!(error instanceof ProblemError) || ![401, 403, 404].includes(error.status)) return;
    void queryClient.invalidateQueries({ queryKey: sessionKey }, { cancelRefetch: false });
  };
  const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 15_000, retry: (failures, error) => failures < 2 && isTransient(error) },
      mutations: { retry: false },
    },
  });
  return queryClient;
}

function isTransient(error: unknown): boolean {
  return !(error instanceof ProblemError) || error.status === 0 || error.status >= 500;
}
