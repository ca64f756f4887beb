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

/**
 * The same with the tag that the answer carries for changing what it shows.
 * @throws ProblemError as above
 */
export async function taggedAnswerOf<Answer>(
  call: Promise<{ data?: Answer; error?: unknown; response: Response }>,
): Promise<{ readonly answer: Answer; readonly tag: string }> {
  let tag = '*';
  const answer = await answerOf(
    call.then((result) => {
      tag = result.response.headers.get('etag') ?? tag;
      return result;
    }),
  );
  return { answer, tag };
}
