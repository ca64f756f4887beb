import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type TriedCall, type TriedOperation, issueTryItKey, tryCall } from '../api/try-it.js';
import type { CallRequest } from './call-request.js';
import { type HeldKey, dropKey, holdKey } from './held-keys.js';
import type { Caller } from './use-callers.js';

/** A new key is known to every gateway within a second; until then it is refused. */
const FRESH_MS = 5_000;
const RETRY_AFTER_MS = 250;

/** Makes a key for an application, which this page then holds. */
export function useMakeKey(caller: Caller, onHeld: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => issueTryItKey({ organizationId: caller.organizationId, applicationId: caller.applicationId }),
    onSuccess: ({ key, credential: { display, expiresAt } }) => {
      const held = { key, display, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
      holdKey(caller.applicationId, { ...held, heldAtMs: performance.now() });
      void queryClient.invalidateQueries({ queryKey: ['organization', caller.organizationId, 'applications'] });
      onHeld();
    },
  });
}

export interface Sending {
  readonly caller: Caller;
  readonly held: HeldKey;
  readonly operation: TriedOperation;
  readonly request: CallRequest;
}

/** Sends a call, and once more while its key is so new that a gateway may not know it: what was refused was not done. */
export function useSend(onKeyEnded: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ caller, held, operation, request }: Sending): Promise<TriedCall> => {
      const { organizationId, applicationId } = caller;
      const { api, version, method } = operation;
      const { path, headers, body } = request;
      const call = { api, version, method, key: held.key, path, headers: [...headers], body };
      for (;;) {
        const answer = await tryCall({ organizationId, applicationId }, call);
        const isFresh = performance.now() - held.heldAtMs < FRESH_MS;
        if (answer.status !== 401 || !isFresh) return answer;
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
    },
    onSuccess: ({ status }, { caller }) => {
      void queryClient.invalidateQueries({ queryKey: ['organization', caller.organizationId, 'try-it'] });
      if (status !== 401) return;
      dropKey(caller.applicationId);
      onKeyEnded();
    },
  });
}
