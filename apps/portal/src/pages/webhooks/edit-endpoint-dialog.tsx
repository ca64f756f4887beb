import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type WebhookEndpoint, editWebhookEndpoint, webhooksKey } from '../../api/webhooks.js';
import { Dialog } from '../../components/dialog.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { EndpointForm, type EndpointTerms } from './endpoint-form.js';

interface EditEndpointDialogProps {
  readonly endpoint: WebhookEndpoint;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function EditEndpointDialog({ endpoint, opened, onClose }: EditEndpointDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Edit endpoint" size="lg">
      <EditEndpointForm endpoint={endpoint} onClose={onClose} />
    </Dialog>
  );
}

function EditEndpointForm({ endpoint, onClose }: Omit<EditEndpointDialogProps, 'opened'>) {
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  // What was seen when the form opened is what is changed, whatever is read meanwhile.
  const [{ id, url, description, eventTypes, etag }] = useState(endpoint);
  const refresh = () => queryClient.invalidateQueries({ queryKey: webhooksKey(organizationId) });
  const edit = useMutation({
    mutationFn: (terms: EndpointTerms) => editWebhookEndpoint({ organizationId, webhookEndpointId: id }, etag, terms),
    onError: refresh,
    onSuccess: async () => {
      onClose();
      await refresh();
    },
  });
  return (
    <EndpointForm
      initial={{ url, description, eventTypes: [...eventTypes] }}
      action="Save"
      isPending={edit.isPending}
      error={edit.error}
      onSubmit={(terms) => edit.mutate(terms)}
      onCancel={onClose}
    />
  );
}
