import createClient from 'openapi-fetch';
import { problemFrom, unreachable } from './problem.js';
import type { paths } from './schema.generated.js';
import { shareInFlight } from './share-in-flight.js';

/** The typed client of the control plane; its types come from the API's own OpenAPI document. */
export const client = createClient<paths>({
  baseUrl: '/',
  credentials: 'same-origin',
  fetch: shareInFlight((request) => fetch(request)),
});

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

/**
 * All entries of a list, page after page, for what is chosen from or looked through as a whole.
 * @throws ProblemError as above
 */
export async function everyEntry<Page extends { readonly next: string | null }, Entry>(
  read: (place: string | undefined) => Promise<Page>,
  entriesOf: (page: Page) => readonly Entry[],
): Promise<Entry[]> {
  const entries: Entry[] = [];
  let place: string | undefined;
  do {
    const page = await read(place);
    entries.push(...entriesOf(page));
    place = page.next ?? undefined;
  } while (place !== undefined);
  return entries;
}

/** The query of the page after a place, which is undefined for the first. */
export const pageAfter = (after: string | undefined, limit?: number) => ({
  ...(limit !== undefined && { limit }),
  ...(after !== undefined && { after }),
});

/** The same of a list that is read from its newest entry. */
export const pageBefore = (before: string | undefined, limit?: number) => ({
  ...(limit !== undefined && { limit }),
  ...(before !== undefined && { before }),
});

/** As many as a page can have. */
export const MOST_OF_A_PAGE = 200;
