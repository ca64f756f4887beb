import { useMutation, useQueryClient } from '@tanstack/react-query';
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
  const organizationId = useOrganizationId();
  const queryClient = useQueryClient();
  const edit = useMutation({
    mutationFn: (terms: EndpointTerms) =>
      editWebhookEndpoint({ organizationId, webhookEndpointId: endpoint.id }, terms),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: webhooksKey(organizationId) });
    },
  });
  const { url, description, eventTypes } = endpoint;
  return (
    <Dialog opened={opened} onClose={onClose} onExitTransitionEnd={edit.reset} title="Edit endpoint" size="lg">
      <EndpointForm
        initial={{ url, description, eventTypes: [...eventTypes] }}
        action="Save"
        isPending={edit.isPending}
        error={edit.error}
        onSubmit={(terms) => edit.mutate(terms)}
        onCancel={onClose}
      />
    </Dialog>
  );
}
