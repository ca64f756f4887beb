import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

/** The mail that this installation sent, kept instead of delivered. Only where a development inbox runs. */
export const messagesQuery = queryOptions({
  queryKey: ['inbox', 'messages'],
  refetchInterval: 2000,
  queryFn: async () => (await answerOf(client.GET('/api/v1/inbox/messages'))).messages,
});

export function deleteMessages() {
  return answerOf(client.DELETE('/api/v1/inbox/messages'));
}
