import { useState } from 'react';
import type { Application, IssuedCredential } from '../api/types.js';
import { Dialog } from '../components/dialog.js';
import { CreateKeyForm } from './create-key-form.js';
import { RevealedKey } from './revealed-key.js';

interface CreateKeyDialogProps {
  readonly application: Application;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks for a name, then shows the key once. A click beside the dialog must not lose a key that was not copied. */
export function CreateKeyDialog({ application, opened, onClose }: CreateKeyDialogProps) {
  const [issued, setIssued] = useState<IssuedCredential | null>(null);
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setIssued(null)}
      title={issued ? 'Your new key' : 'Create key'}
      closeOnClickOutside={!issued}
      closeOnEscape={!issued}
      size={issued ? 'lg' : 'md'}
    >
      {issued ? (
        <RevealedKey issued={issued} application={application} onDone={onClose} />
      ) : (
        <CreateKeyForm application={application} onCancel={onClose} onIssued={setIssued} />
      )}
    </Dialog>
  );
}
