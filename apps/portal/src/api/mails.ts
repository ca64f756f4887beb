import { infiniteQueryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

/** The mails that could not be delivered, page by page, the last written first. */
export const undeliveredMailsQuery = infiniteQueryOptions({
  queryKey: ['operator', 'mails'],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam }) =>
    answerOf(
      client.GET('/api/v1/operator/mails', {
        params: { query: { limit: 25, ...(pageParam !== null && { after: pageParam }) } },
      }),
    ),
  getNextPageParam: (page) => page.next,
});

/** Sends one again, or all for null. */
export function sendMailAgain(mailId: string | null) {
  return answerOf(
    mailId === null
      ? client.POST('/api/v1/operator/mails/send-again')
      : client.POST('/api/v1/operator/mails/{mailId}/send-again', { params: { path: { mailId } } }),
  );
}

export function forgetMail(mailId: string) {
  return answerOf(client.DELETE('/api/v1/operator/mails/{mailId}', { params: { path: { mailId } } }));
}
