import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SeenApiVersion, apiVersionQuery } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';
import type { PublisherApiVersion } from '../api/types.js';

export type OwnVersion = Tagged<PublisherApiVersion>;

/** What a version is changed by: only as long as it is what was seen. */
export function seenVersion({ api, name, etag }: OwnVersion): SeenApiVersion {
  return { api: api.slug, version: name, etag };
}

/** Changes a version and shows what became of it, here and in all lists of its publisher. */
export function useVersionAction<Input = void, Answer extends OwnVersion = OwnVersion>(
  act: (input: Input) => Promise<Answer>,
  onDone: (changed: Answer) => void,
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (changed) => {
      const name = { api: changed.api.slug, version: changed.name };
      queryClient.setQueryData(apiVersionQuery(name).queryKey, changed);
      await queryClient.invalidateQueries({ queryKey: ['publisher'] });
      onDone(changed);
    },
  });
}

/** Reads the version anew, for a dialog whose change was refused because somebody else has made one. */
export function useReloadVersion({ api, name }: OwnVersion, onDone: () => void): () => void {
  const queryClient = useQueryClient();
  return () => {
    const { queryKey } = apiVersionQuery({ api: api.slug, version: name });
    void queryClient.invalidateQueries({ queryKey }).then(onDone);
  };
}
