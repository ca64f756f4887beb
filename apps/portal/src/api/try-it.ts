import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';
import type { AnswerOf } from './types.js';

type TryIt = '/api/v1/organizations/{organizationId}/applications/{applicationId}/try-it';

export type CallPreview = AnswerOf<`${TryIt}/preview`, 'post'>;
export type TriedCall = AnswerOf<`${TryIt}/calls`, 'post'>;

/** An application of an organization. */
export interface ApplicationPlace {
  readonly organizationId: string;
  readonly applicationId: string;
}

/** The methods that can be tried out. */
export type TriedMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export interface TriedOperation {
  readonly api: string;
  readonly version: string;
  readonly method: TriedMethod;
  readonly template: string;
}

/** What a call would cost and take from quotas. */
export const callPreviewQuery = (path: ApplicationPlace, operation: TriedOperation) =>
  queryOptions({
    queryKey: ['organization', path.organizationId, 'try-it', path.applicationId, operation],
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/organizations/{organizationId}/applications/{applicationId}/try-it/preview', {
          params: { path },
          body: operation,
        }),
      ),
  });

/** The answer holds the whole key, the only time that it is ever shown. */
export function issueTryItKey(path: ApplicationPlace) {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/applications/{applicationId}/try-it/keys', {
      params: { path },
    }),
  );
}

export interface TryCallRequest extends Omit<TriedOperation, 'template'> {
  readonly key: string;
  readonly path: string;
  readonly headers: { readonly name: string; readonly value: string }[];
  readonly body: string | null;
}

/** What the gateway answers, whatever it is. */
export function tryCall(path: ApplicationPlace, body: TryCallRequest): Promise<TriedCall> {
  return answerOf(
    client.POST('/api/v1/organizations/{organizationId}/applications/{applicationId}/try-it/calls', {
      params: { path },
      body,
    }),
  );
}
