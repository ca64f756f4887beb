import createClient from 'openapi-fetch';
import { problemFrom, unreachable } from './problem.js';
import type { paths } from './schema.generated.js';

/** The typed client of the control plane; its types come from the API's own OpenAPI document. */
export const client = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });

/**
 * The body of a successful answer.
 * @throws ProblemError for every other answer, and when none comes
 */
export async function answerOf<Answer>(
  call: Promise<{ data?: Answer; error?: unknown; response: Response }>,
): Promise<Answer> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (!response.ok) throw problemFrom(response.status, error);
  return data as Answer;
}

/** What there is, with the ETag to change it by. */
export type Tagged<Answer> = Answer & { readonly etag: string };

/**
 * The same with the ETag of its head, as what is one of many has it of itself.
 * @throws ProblemError as above
 */
export async function taggedAnswerOf<Answer extends object>(
  call: Promise<{ data?: Answer; error?: unknown; response: Response }>,
): Promise<Tagged<Answer>> {
  let etag = '*';
  const answer = await answerOf(
    call.then((result) => {
      etag = result.response.headers.get('etag') ?? etag;
      return result;
    }),
  );
  return { ...answer, etag };
}
