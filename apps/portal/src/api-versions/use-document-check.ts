import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { checkDocument } from '../api/api-versions.js';
import { wordsFor } from '../api/problem.js';
import type { CheckedDocument } from '../api/types.js';

/** A document that is being written, and what was found out about it. */
export interface DocumentCheck {
  readonly source: string;
  readonly setSource: (source: string) => void;
  readonly run: () => void;
  readonly isRunning: boolean;
  /** Why the present text was refused; null for one that was not. */
  readonly refusal: string | null;
  /** What was found out last; null as long as nothing was. */
  readonly last: CheckedDocument | null;
  /** That is of the present text: it may be saved. */
  readonly isCurrent: boolean;
}

/** Checks a document of an API against a version of it; against the newest that callers have unless said. */
export function useDocumentCheck(api: string, against?: string): DocumentCheck {
  const [source, setSource] = useState('');
  const [last, setLast] = useState<{ readonly of: string; readonly checked: CheckedDocument } | null>(null);
  const check = useMutation({
    mutationFn: (text: string) => checkDocument(api, text, against),
    onSuccess: (checked, of) => setLast({ of, checked }),
  });
  const isRefused = check.isError && check.variables === source;
  return {
    source,
    setSource,
    run: () => check.mutate(source),
    isRunning: check.isPending,
    refusal: isRefused ? wordsFor(check.error) : null,
    last: last && last.checked,
    isCurrent: last !== null && last.of === source,
  };
}
