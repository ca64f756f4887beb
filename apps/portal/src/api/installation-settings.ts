import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

/** With which settings the processes run, and which of them do not say it. */
export const installationSettingsQuery = queryOptions({
  queryKey: ['operator', 'settings'],
  queryFn: () => answerOf(client.GET('/api/v1/operator/settings')),
});
