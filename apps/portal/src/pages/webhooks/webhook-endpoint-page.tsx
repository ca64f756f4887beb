import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ProblemError } from '../../api/problem.js';
import {
  type WebhookEndpoint,
  deleteWebhookEndpoint,
  editWebhookEndpoint,
  sendTestWebhook,
  webhookEndpointQuery,
  webhooksKey,
} from '../../api/webhooks.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DateTime } from '../../components/date-time.js';
import { Facts } from '../../components/facts.js';
import { TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { DeliveryLog } from './delivery-log.js';
import { EditEndpointDialog } from './edit-endpoint-dialog.js';
import { RotateSecretDialog } from './rotate-secret-dialog.js';
import { endpointWords } from './webhook-words.js';

const route = getRouteApi('/dashboard/webhooks/$webhookEndpointId');

export function WebhookEndpointPage(): ReactNode {
  const { webhookEndpointId } = route.useParams();
  const { organization } = useOrganization().current;
  const endpoint = useQuery({
    ...webhookEndpointQuery({ organizationId: organization.id, webhookEndpointId }),
    refetchInterval: 15_000,
  });
  if (endpoint.error instanceof ProblemError && endpoint.error.status === 404) return <NotFoundPage />;
  return (
    <Loaded query={endpoint} skeleton={<CardsSkeleton cards={2} height={260} />}>
      {(loaded) => <EndpointDetails endpoint={loaded} />}
    </Loaded>
  );
}

type OpenDialog = 'edit' | 'rotate' | 'disable' | 'delete' | null;

function EndpointDetails({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { organization, permissions } = useOrganization().current;
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<OpenDialog>(null);
  const at = { organizationId: organization.id, webhookEndpointId: endpoint.id };
  const renew = () => queryClient.invalidateQueries({ queryKey: webhooksKey(organization.id) });
  const close = () => setOpen(null);
  const test = useMutation({ mutationFn: () => sendTestWebhook(at), onSuccess: renew });
  const turn = useMutation({
    mutationFn: (isEnabled: boolean) => editWebhookEndpoint(at, endpoint.etag, { isEnabled }),
    onError: renew,
    onSuccess: () => {
      close();
      return renew();
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteWebhookEndpoint(at),
    onSuccess: async () => {
      await navigate({ to: '/dashboard/webhooks' });
      await renew();
    },
  });
  const isOn = endpoint.disabledAt === null;
  const isManager = mayManage(permissions).webhooks;
  const { label, tone } = endpointWords(endpoint);
  return (
    <>
      <PageHeader
        title={new URL(endpoint.url).host}
        above={<TextLink to="/dashboard/webhooks">Webhooks</TextLink>}
        badge={<StatusBadge tone={tone}>{label}</StatusBadge>}
        description={endpoint.description || undefined}
        actions={
          isManager && (
            <>
              {isOn && (
                <Button onClick={() => test.mutate()} loading={test.isPending}>
                  Send test message
                </Button>
              )}
              {!isOn && (
                <Button onClick={() => turn.mutate(true)} loading={turn.isPending}>
                  Turn on
                </Button>
              )}
            </>
          )
        }
      />
      <Stack gap="lg">
        {(endpoint.disabledReason === 'gone' || endpoint.disabledReason === 'failing') && (
          <Alert color="red" title="This endpoint was turned off">
            <Text size="sm">
              {endpoint.disabledReason === 'gone'
                ? 'It answered 410 Gone, which asks us to send nothing any more.'
                : 'No message could be delivered to it for five days.'}{' '}
              Messages that waited are canceled. Turn it on when it works again, and resend what you need.
            </Text>
          </Alert>
        )}
        {test.isError && <ProblemAlert error={test.error} />}
        {turn.isError && open === null && <ProblemAlert error={turn.error} />}
        <Section
          title="Endpoint"
          actions={
            isManager && (
              <Group gap="xs">
                <Button variant="default" size="xs" onClick={() => setOpen('edit')}>
                  Edit
                </Button>
                <Button variant="default" size="xs" onClick={() => setOpen('rotate')}>
                  Rotate secret
                </Button>
                {isOn && (
                  <Button variant="default" size="xs" onClick={() => setOpen('disable')}>
                    Turn off
                  </Button>
                )}
                <Button variant="default" size="xs" onClick={() => setOpen('delete')}>
                  Delete
                </Button>
              </Group>
            )
          }
        >
          <EndpointFacts endpoint={endpoint} />
        </Section>
        <DeliveryLog endpoint={endpoint} mayResend={isManager && isOn} />
      </Stack>
      <EditEndpointDialog endpoint={endpoint} opened={open === 'edit'} onClose={close} />
      <RotateSecretDialog endpoint={endpoint} opened={open === 'rotate'} onClose={close} />
      <ConfirmDialog
        opened={open === 'disable'}
        title="Turn this endpoint off?"
        action="Turn off"
        isPending={turn.isPending}
        error={turn.error}
        onConfirm={() => turn.mutate(false)}
        onClose={close}
      >
        <Text size="sm">
          It is told of nothing that happens while it is off, and messages that wait for it are canceled.
        </Text>
      </ConfirmDialog>
      <ConfirmDialog
        opened={open === 'delete'}
        title="Delete this endpoint?"
        action="Delete endpoint"
        isDangerous
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={close}
      >
        <Text size="sm">Its signing secret and its log are deleted with it.</Text>
      </ConfirmDialog>
    </>
  );
}

function EndpointFacts({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { url, createdAt, eventTypes, failingSince, previousSecretEndsAt } = endpoint;
  return (
    <Facts
      entries={[
        {
          label: 'URL',
          value: (
            <span className="mono" style={{ overflowWrap: 'anywhere' }}>
              {url}
            </span>
          ),
        },
        { label: 'Events', value: eventTypes.join(', ') },
        { label: 'Created', value: <DateTime at={createdAt} /> },
        ...(failingSince === null ? [] : [{ label: 'Failing since', value: <DateTime at={failingSince} /> }]),
        ...(previousSecretEndsAt === null
          ? []
          : [{ label: 'The secret before signs until', value: <DateTime at={previousSecretEndsAt} /> }]),
      ]}
    />
  );
}
