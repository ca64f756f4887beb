import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type EditCredentialRequest, editCredential } from '../api/credentials.js';
import { faultsByField } from '../api/problem.js';
import type { Credential } from '../api/types.js';
import { serverClock } from '../clock/server-clock.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useOrganizationId } from '../organization/organization-context.js';
import { editExpiryChoices, expiryOf } from './credential-state.js';
import { RestrictionChoice } from './restriction-choice.js';
import { restrictionsOf } from './restriction-words.js';

interface EditKeyDialogProps {
  /** Null while the dialog is closed. */
  readonly credential: Credential | null;
  /** False for a key that ends for its successor. */
  readonly mayExpireLater: boolean;
  readonly onClose: () => void;
}

/** Changes a key that works; the key itself stays what it is. */
export function EditKeyDialog({ credential, mayExpireLater, onClose }: EditKeyDialogProps) {
  return (
    <Dialog opened={credential !== null} onClose={onClose} title="Edit key">
      {credential && <EditKeyForm credential={credential} mayExpireLater={mayExpireLater} onClose={onClose} />}
    </Dialog>
  );
}

interface EditKeyFormProps extends EditKeyDialogProps {
  readonly credential: Credential;
}

function EditKeyForm({ credential, mayExpireLater, onClose }: EditKeyFormProps) {
  const [name, setName] = useState(credential.name);
  const [expiry, setExpiry] = useState('as-is');
  const [isRestricted, { toggle: toggleRestricted }] = useDisclosure(credential.restrictions !== null);
  const [restrictions, setRestrictions] = useState(restrictionsOf(credential));
  const edit = useEdit(credential, onClose);
  const fault = faultsByField(edit.error)['name'];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({
      name: name.trim() || credential.name,
      ...(expiry === 'as-is' ? {} : { expiresAt: expiryOf(expiry, serverClock.now()) }),
      restrictions: isRestricted ? restrictions : null,
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          <span className="mono">{credential.display}…</span> stays as it is: only its terms change, everywhere within a
          second.
        </Text>
        <TextInput
          label="Key name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fault}
          maxLength={100}
          data-autofocus
        />
        {mayExpireLater && (
          <Select
            label="Expires"
            data={editExpiryChoices(credential)}
            value={expiry}
            onChange={(value) => setExpiry(value ?? 'as-is')}
            allowDeselect={false}
          />
        )}
        <RestrictionChoice
          isRestricted={isRestricted}
          onToggle={toggleRestricted}
          value={restrictions}
          onChange={setRestrictions}
        />
        {edit.isError && !fault && <ProblemAlert error={edit.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={edit.isPending}>
            Save key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useEdit(credential: Credential, onEdited: () => void) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  // What was seen when the form opened is what is changed, whatever is read meanwhile.
  const [seen] = useState(credential);
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['organization', organizationId, 'applications'] });
  return useMutation({
    mutationFn: (request: EditCredentialRequest) => editCredential(organizationId, seen, request),
    onError: refresh,
    onSuccess: async ({ name }) => {
      await refresh();
      notifications.show({ message: `${name} is saved.` });
      onEdited();
    },
  });
}
