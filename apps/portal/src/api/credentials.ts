import { queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageBefore } from './client.js';
import type { Credential } from './types.js';

/** From where and for what a key works; an empty list restricts nothing. */
export interface KeyRestrictions {
  readonly allowedAddresses: string[];
  readonly products: string[];
  readonly operations: string[];
}

export interface CreateCredentialRequest {
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly expiresAt?: string;
  readonly restrictions?: KeyRestrictions;
}

export const credentialsQuery = (organizationId: string, applicationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'applications', applicationId, 'credentials'],
    queryFn: () =>
      everyEntry(
        (place) =>
          answerOf(
            client.GET('/api/v1/organizations/{organizationId}/applications/{applicationId}/credentials', {
              params: { path: { organizationId, applicationId }, query: pageBefore(place, MOST_OF_A_PAGE) },
            }),
          ),
        (page) => page.credentials,
      ),
  });

/** The answer holds the whole key, the only time that it is ever shown. */
export function createCredential(organizationId: string, applicationId: string, request: CreateCredentialRequest) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/applications/{applicationId}/credentials', {
      params: { path: { organizationId, applicationId } },
      body: request,
    }),
  );
}

export interface EditCredentialRequest {
  readonly name: string;
  /** Null for never; absent to leave it. */
  readonly expiresAt?: string | null;
  readonly restrictions: KeyRestrictions | null;
}

/** @throws ProblemError `changed_meanwhile` among others */
export function editCredential(
  organizationId: string,
  { id, etag }: Pick<Credential, 'id' | 'etag'>,
  request: EditCredentialRequest,
) {
  return answerOf(
    client.PATCH('/api/v1/organizations/{organizationId}/credentials/{credentialId}', {
      params: { path: { organizationId, credentialId: id }, header: { 'if-match': etag } },
      body: request,
    }),
  );
}

/** The answer holds the whole new key, the only time that it is ever shown. */
export function rotateCredential(organizationId: string, credentialId: string, overlapSeconds: number) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/credentials/{credentialId}/rotate', {
      params: { path: { organizationId, credentialId } },
      body: { overlapSeconds },
    }),
  );
}

export function revokeCredential(organizationId: string, credentialId: string) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/credentials/{credentialId}/revoke', {
      params: { path: { organizationId, credentialId } },
    }),
  );
}
