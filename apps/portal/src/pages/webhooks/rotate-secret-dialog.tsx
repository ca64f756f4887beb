import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import {
  type WebhookEndpoint,
  type WebhookEndpointWithSecret,
  rotateWebhookSecret,
  webhooksKey,
} from '../../api/webhooks.js';
import { DateTime } from '../../components/date-time.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { SigningSecret } from './signing-secret.js';

const overlaps = [
  { value: '0', label: 'Not at all: it ends now' },
  { value: '3600', label: 'An hour' },
  { value: '86400', label: 'A day' },
  { value: '604800', label: '7 days' },
];

interface RotateSecretDialogProps {
  readonly endpoint: WebhookEndpoint;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks how long the old secret signs too, then shows the new one once. */
export function RotateSecretDialog({ endpoint, opened, onClose }: RotateSecretDialogProps) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  const [overlap, setOverlap] = useState('86400');
  const [rotated, setRotated] = useState<WebhookEndpointWithSecret | null>(null);
  const rotate = useMutation({
    mutationFn: () => rotateWebhookSecret({ organizationId, webhookEndpointId: endpoint.id }, Number(overlap)),
    // The secret must not stay in memory longer than the dialog shows it.
    gcTime: 0,
    onSuccess: async (answer) => {
      setRotated(answer);
      await queryClient.invalidateQueries({ queryKey: webhooksKey(organizationId) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate();
  };
  const endsAt = rotated?.endpoint.previousSecretEndsAt;
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => {
        setRotated(null);
        rotate.reset();
      }}
      title={rotated ? 'The new signing secret' : 'Rotate secret'}
      closeOnClickOutside={!rotated}
      closeOnEscape={!rotated}
    >
      {rotated ? (
        <SigningSecret secret={rotated.secret} onDone={onClose}>
          {endsAt && (
            <Text size="sm" c="dimmed">
              Until <DateTime at={endsAt} /> messages are signed with the old secret too.
            </Text>
          )}
        </SigningSecret>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">Messages have two signatures meanwhile, so that your receiver can change over.</Text>
            <Select
              label="The old secret goes on signing for"
              data={overlaps}
              value={overlap}
              onChange={(value) => value && setOverlap(value)}
              allowDeselect={false}
              data-autofocus
            />
            {rotate.isError && <ProblemAlert error={rotate.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={rotate.isPending}>
                Rotate secret
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
