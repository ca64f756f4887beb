import { infiniteQueryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';
import type { AnswerOf } from './types.js';

type List = AnswerOf<'/api/v1/access-tokens', 'get'>;
export type AccessToken = List['tokens'][number];
export type AccessTokenScope = List['grantableScopes'][number];
export type CreatedAccessToken = AnswerOf<'/api/v1/access-tokens', 'post'>;

/** One’s own tokens, the newest first, page by page, and what a new one can be for. */
export const accessTokensQuery = infiniteQueryOptions({
  queryKey: ['access-tokens'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(
      client.GET('/api/v1/access-tokens', {
        params: { query: { ...(pageParam !== undefined && { before: pageParam }) } },
      }),
    ),
  getNextPageParam: ({ next }) => next ?? undefined,
});

export function createAccessToken(body: {
  readonly name: string;
  readonly scopes: AccessTokenScope[];
  readonly expiresAt: string;
}) {
  return answerOf(client.POST('/api/v1/access-tokens', { body }));
}

export function revokeAccessToken(accessTokenId: string) {
  return answerOf(client.DELETE('/api/v1/access-tokens/{accessTokenId}', { params: { path: { accessTokenId } } }));
}
