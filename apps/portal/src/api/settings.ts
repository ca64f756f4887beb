import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { serverClock } from '../clock/server-clock.js';
import { answerOf, client } from './client.js';

export const settingsKey = ['settings'] as const;

/** How this installation is set up. Each answer also sets the portal's clock to the server's. */
export const settingsQuery = queryOptions({
  queryKey: settingsKey,
  staleTime: 60_000,
  queryFn: async () => {
    const settings = await answerOf(client.GET('/api/v1/settings'));
    serverClock.set(settings.now);
    return settings;
  },
});

/** The server's time. Waits for its first reading: until then there is only the device's clock, which may be months apart. */
export async function serverNow(queryClient: QueryClient): Promise<Date> {
  await queryClient.ensureQueryData(settingsQuery);
  return serverClock.now();
}
