import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { type CatalogRequest, readCatalogText, sendCatalogFile } from '../api/catalog-file.js';
import type { AppliedCatalog } from '../api/types.js';
import { type FileContent, isFault, readFileText, withValues } from './file-text.js';

const TYPING_MS = 300;

/** All that is sent: changing any part of it makes another. */
interface Written {
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
  /** In base64, by the names that the catalogue file has for them. */
  readonly files: Readonly<Record<string, string>>;
}

interface Shown {
  readonly of: Written;
  readonly request: CatalogRequest;
  readonly answer: AppliedCatalog;
}

const nothing: Written = { text: '', values: {}, files: {} };

/** A catalogue file that is being written, what it would change, and what it has changed. */
export function useCatalogFile() {
  const queryClient = useQueryClient();
  const [written, setWritten] = useState(nothing);
  const [shown, setShown] = useState<Shown | null>(null);
  const [applied, setApplied] = useState<AppliedCatalog | null>(null);
  const [isAsked, setIsAsked] = useState(false);
  const [text] = useDebouncedValue(written.text, TYPING_MS);
  const read = useMemo(() => (text.trim() === '' ? null : readFileText(text)), [text]);
  const content = read !== null && !isFault(read) ? read : null;
  const load = useMutation({ mutationFn: readCatalogText, onSuccess: (loaded) => change({ text: loaded }) });
  const compare = useMutation({
    mutationFn: async (of: Written): Promise<Shown> => {
      const request = requestOf(of, (readFileText(of.text) as FileContent).tree);
      return { of, request, answer: await sendCatalogFile(request) };
    },
    onSuccess: setShown,
  });
  const apply = useMutation({
    mutationFn: ({ request, answer }: Shown) =>
      sendCatalogFile({ ...request, dryRun: false, expectedDigest: answer.digest }),
    // What was shown is done, or is not true any more.
    onSettled: () => setShown(null),
    onSuccess: async (answer) => {
      setApplied(answer);
      await queryClient.invalidateQueries();
    },
  });
  const change = (part: Partial<Written>) => {
    setWritten((before) => ({ ...before, ...part }));
    setApplied(null);
    setIsAsked(false);
    compare.reset();
    apply.reset();
  };
  return {
    written,
    change,
    load,
    /** Null while there is no text, or none that is a catalogue file. */
    content,
    /** Why the text is none; null for one that is, and for nothing. */
    fault: read !== null && isFault(read) ? read : null,
    /** Somebody has tried: what is missing is said. */
    isAsked,
    /** The files that it names, with the values of variables in their names. */
    named: content ? namedIn(written, content) : [],
    missing: content ? missingIn(written, content) : [],
    compare,
    run: () => {
      setIsAsked(true);
      apply.reset();
      setApplied(null);
      const now = readFileText(written.text);
      if (!isFault(now) && missingIn(written, now).length === 0) compare.mutate(written);
    },
    shown,
    /** What is shown is of what is written: it may be applied. */
    isCurrent: shown !== null && shown.of === written,
    apply,
    applied,
    isUnsaved: written.text !== '' && applied === null,
  };
}

export type CatalogFileEdit = ReturnType<typeof useCatalogFile>;

/** The names of variables and files without which the file cannot be sent. */
function missingIn(written: Written, content: FileContent): string[] {
  return [
    ...content.variables.flatMap(({ name, isSecret }) => (isSecret || written.values[name] ? [] : [name])),
    ...namedIn(written, content).filter((name) => written.files[name] === undefined),
  ];
}

function namedIn({ values }: Written, { named }: FileContent): string[] {
  return [...new Set(named.map((name) => withValues(name, values)))];
}

/** To be compared only. Variables that stay empty have no value. */
function requestOf({ values, files }: Written, tree: CatalogRequest['catalog']): CatalogRequest {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return { catalog: tree, files: { ...files }, variables: Object.fromEntries(given), dryRun: true };
}
