import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem.js';
import { sessionKey } from './session.js';

/** One cache for the page. An answer of 401 means that the session has ended: the portal then shows itself signed out. */
export function createQueryClient(): QueryClient {
  const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ProblemError && error.status === 401) {
          void queryClient.invalidateQueries({ queryKey: sessionKey });
        }
      },
    }),
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
