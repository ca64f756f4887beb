import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createWebhookEndpoint, webhooksKey } from '../../api/webhooks.js';
import { Dialog } from '../../components/dialog.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { EndpointForm, type EndpointTerms } from './endpoint-form.js';
import { SigningSecret } from './signing-secret.js';

interface CreateEndpointDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks for an endpoint, then shows its secret once. */
export function CreateEndpointDialog({ opened, onClose }: CreateEndpointDialogProps) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  const [secret, setSecret] = useState<string | null>(null);
  const create = useMutation({
    mutationFn: (terms: EndpointTerms) => createWebhookEndpoint(organizationId, terms),
    // The secret must not stay in memory longer than the dialog shows it.
    gcTime: 0,
    onSuccess: async (made) => {
      setSecret(made.secret);
      await queryClient.invalidateQueries({ queryKey: webhooksKey(organizationId) });
    },
  });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => {
        setSecret(null);
        create.reset();
      }}
      title={secret === null ? 'Add endpoint' : 'Its signing secret'}
      closeOnClickOutside={secret === null}
      closeOnEscape={secret === null}
      size="lg"
    >
      {secret === null ? (
        <EndpointForm
          initial={{ url: '', description: '', eventTypes: [] }}
          action="Add endpoint"
          isPending={create.isPending}
          error={create.error}
          onSubmit={(terms) => create.mutate(terms)}
          onCancel={onClose}
        />
      ) : (
        <SigningSecret secret={secret} onDone={onClose} />
      )}
    </Dialog>
  );
}
