import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { rotateCredential } from '../api/credentials.js';
import type { Application, Credential, RotatedCredential } from '../api/types.js';
import { Dialog } from '../components/dialog.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { useOrganizationId } from '../organization/organization-context.js';
import { defaultOverlap, overlapChoices, secondsOf } from './overlap.js';
import { RevealedKey } from './revealed-key.js';

interface RotateKeyDialogProps {
  readonly application: Application;
  /** Null while the dialog is closed. */
  readonly credential: Credential | null;
  readonly onClose: () => void;
}

/** Asks how long the old key goes on, then shows the new one once. */
export function RotateKeyDialog({ application, credential, onClose }: RotateKeyDialogProps) {
  const [rotated, setRotated] = useState<RotatedCredential | null>(null);
  return (
    <Dialog
      opened={credential !== null}
      onClose={onClose}
      onExitTransitionEnd={() => setRotated(null)}
      title={rotated ? 'Your new key' : 'Rotate key'}
      closeOnClickOutside={!rotated}
      closeOnEscape={!rotated}
      size={rotated ? 'lg' : 'md'}
    >
      {rotated ? (
        <RevealedKey issued={rotated} application={application} onDone={onClose} />
      ) : (
        credential && <RotateKeyForm credential={credential} onCancel={onClose} onRotated={setRotated} />
      )}
    </Dialog>
  );
}

interface RotateKeyFormProps {
  readonly credential: Credential;
  readonly onCancel: () => void;
  readonly onRotated: (rotated: RotatedCredential) => void;
}

function RotateKeyForm({ credential, onCancel, onRotated }: RotateKeyFormProps) {
  const [overlap, setOverlap] = useState<string>(defaultOverlap);
  const rotate = useRotate(credential.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate(secondsOf(overlap), { onSuccess: onRotated });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          The new key works at once and may do what <span className="mono">{credential.display}…</span> (
          {credential.name}) may. Put it in place before the old one ends.
        </Text>
        <Select
          label="The old key goes on working for"
          data={overlapChoices.map(({ value, label }) => ({ value, label }))}
          value={overlap}
          onChange={(value) => setOverlap(value ?? defaultOverlap)}
          allowDeselect={false}
          data-autofocus
        />
        {rotate.isError && <ProblemAlert error={rotate.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={rotate.isPending}>
            Rotate key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useRotate(credentialId: string) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (overlapSeconds: number) => rotateCredential(organizationId, credentialId, overlapSeconds),
    // The key must not stay in memory longer than the dialog shows it.
    gcTime: 0,
    // Also when it is refused: what is shown may be old.
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['organization', organizationId, 'applications'] });
    },
  });
}
