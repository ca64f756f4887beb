import { Button } from '@mantine/core';
import { useState } from 'react';
import { DeprecateDialog } from './deprecate-dialog.js';
import { ReplaceDocumentDialog } from './replace-document-dialog.js';
import { DeleteDraftDialog, PublishDialog, RetireDialog } from './state-dialogs.js';
import type { OwnVersion } from './use-version-action.js';

const dialogs = {
  publish: PublishDialog,
  deprecate: DeprecateDialog,
  replace: ReplaceDocumentDialog,
  retire: RetireDialog,
  delete: DeleteDraftDialog,
} as const;

interface Asked {
  readonly what: keyof typeof dialogs;
  /** As it was seen then: what is read meanwhile must not be changed unseen. */
  readonly version: OwnVersion;
  /** Each time is a new dialog: an error of the last one is over. */
  readonly time: number;
}

/** What can be done with a version in its state. */
export function VersionActions({ version }: { readonly version: OwnVersion }) {
  const { state, publishedAt } = version;
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isOpen, setOpen] = useState(false);
  const ask = (what: Asked['what']) => () => {
    setAsked({ what, version, time: (asked?.time ?? 0) + 1 });
    setOpen(true);
  };
  const isCallable = state === 'published' || state === 'deprecated';
  const Asking = asked && dialogs[asked.what];
  return (
    <>
      {state !== 'published' && (
        <Button variant={state === 'draft' ? 'filled' : 'default'} onClick={ask('publish')}>
          {state === 'draft' ? 'Publish' : 'Publish again'}
        </Button>
      )}
      {isCallable && (
        <Button variant="default" onClick={ask('deprecate')}>
          {state === 'published' ? 'Deprecate' : 'Change the day'}
        </Button>
      )}
      {state !== 'retired' && (
        <Button variant="default" onClick={ask('replace')}>
          Replace document
        </Button>
      )}
      {isCallable && (
        <Button variant="default" onClick={ask('retire')}>
          Retire
        </Button>
      )}
      {state === 'draft' && publishedAt === null && (
        <Button variant="subtle" color="red" onClick={ask('delete')}>
          Delete draft
        </Button>
      )}
      {Asking && <Asking key={asked.time} version={asked.version} opened={isOpen} onClose={() => setOpen(false)} />}
    </>
  );
}
