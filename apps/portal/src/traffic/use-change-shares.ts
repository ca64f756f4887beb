import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiVersionName } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';
import { type SharesToSet, changeShares, versionSplitsQuery } from '../api/traffic.js';
import type { VersionSplits } from '../api/types.js';

/** Changes shares as they were seen, and shows what became of them; `reload` reads them anew where somebody else was faster. */
export function useChangeShares(version: ApiVersionName, { etag }: Tagged<VersionSplits>, onDone: () => void) {
  const queryClient = useQueryClient();
  const { queryKey } = versionSplitsQuery(version);
  const mutation = useMutation({
    mutationFn: (splits: SharesToSet) => changeShares({ ...version, etag }, splits),
    onSuccess: async (changed) => {
      // A reading under way would bring back what was.
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData(queryKey, changed);
      onDone();
    },
  });
  const reload = () => void queryClient.invalidateQueries({ queryKey }).then(onDone);
  return { mutation, reload };
}
