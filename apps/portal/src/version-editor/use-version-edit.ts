import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { type ApiVersionName, apiVersionQuery } from '../api/api-versions.js';
import type { Tagged } from '../api/client.js';

interface VersionEditInput<Read, Words, Answer extends Tagged<Read>> {
  readonly version: ApiVersionName;
  readonly read: Tagged<Read>;
  readonly wordsOf: (read: Read) => Words;
  /** Where what was read is kept. */
  readonly queryKey: readonly unknown[];
  readonly readAgain: () => Promise<Tagged<Read>>;
  readonly replace: (etag: string, words: Words) => Promise<Answer>;
  /** What is asked of whoever leaves with changes. */
  readonly leaving: string;
}

/** A part of a version that is edited as a whole: what is on the page, what is in force, and the ways between the two. */
export function useVersionEdit<Read, Words, Answer extends Tagged<Read>>({
  version,
  read,
  wordsOf,
  queryKey,
  readAgain,
  replace,
  leaving,
}: VersionEditInput<Read, Words, Answer>) {
  const queryClient = useQueryClient();
  const [saved, setSaved] = useState(read);
  const before = wordsOf(saved);
  const [words, setWords] = useState(before);
  const take = (next: Tagged<Read>) => {
    setSaved(next);
    setWords(wordsOf(next));
  };
  const save = useMutation({
    mutationFn: () => replace(saved.etag, words),
    onSuccess: async (next) => {
      queryClient.setQueryData(queryKey, next);
      take(next);
      await queryClient.invalidateQueries({ queryKey: apiVersionQuery(version).queryKey });
    },
  });
  const reload = useMutation({
    mutationFn: readAgain,
    onSuccess: (next) => {
      take(next);
      save.reset();
    },
  });
  const isChanged = JSON.stringify(words) !== JSON.stringify(before);
  useBlocker({
    shouldBlockFn: () => isChanged && !window.confirm(leaving),
    enableBeforeUnload: () => isChanged,
  });
  return { before, words, setWords, isChanged, save, reload };
}
