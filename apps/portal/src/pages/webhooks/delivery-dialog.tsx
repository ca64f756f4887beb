import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type WebhookAttempt,
  type WebhookDelivery,
  resendWebhook,
  webhookDeliveryQuery,
  webhooksKey,
} from '../../api/webhooks.js';
import { CodeBlock } from '../../components/code-block.js';
import { DateTime } from '../../components/date-time.js';
import { Dialog } from '../../components/dialog.js';
import { Facts } from '../../components/facts.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { deliveryWords, outcomeOf } from './webhook-words.js';
import classes from './delivery-dialog.module.css';

interface Address {
  readonly organizationId: string;
  readonly webhookEndpointId: string;
  readonly webhookDeliveryId: string;
}

interface DeliveryDialogProps {
  /** Null while the dialog is closed. */
  readonly at: Address | null;
  readonly mayResend: boolean;
  readonly onClose: () => void;
}

/** A message: what was sent, and what came of each try. */
export function DeliveryDialog({ at, mayResend, onClose }: DeliveryDialogProps) {
  return (
    <Dialog opened={at !== null} onClose={onClose} title="Message" size="lg">
      {at && <DeliveryDetails at={at} mayResend={mayResend} onClose={onClose} />}
    </Dialog>
  );
}

function DeliveryDetails({ at, mayResend, onClose }: DeliveryDialogProps & { readonly at: Address }) {
  const queryClient = useQueryClient();
  const delivery = useQuery({ ...webhookDeliveryQuery(at), refetchInterval: 3_000 });
  const resend = useMutation({
    mutationFn: () => resendWebhook(at),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: webhooksKey(at.organizationId) }),
  });
  return (
    <Stack>
      <Loaded query={delivery} skeleton={<TableSkeleton rows={4} />}>
        {(loaded) => <DeliveryFacts delivery={loaded} />}
      </Loaded>
      {resend.isError && <ProblemAlert error={resend.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        {mayResend && (
          <Button onClick={() => resend.mutate()} loading={resend.isPending} disabled={!delivery.data}>
            Send again
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function DeliveryFacts({ delivery }: { readonly delivery: WebhookDelivery }) {
  const { eventType, eventId, createdAt, nextAttemptAt, body, tries } = delivery;
  const words = deliveryWords({ ...delivery, lastAttempt: tries[0] ?? null });
  return (
    <>
      <Facts
        entries={[
          { label: 'Event', value: <span className="mono">{eventType}</span> },
          { label: 'State', value: <StatusBadge tone={words.tone}>{words.label}</StatusBadge> },
          {
            label: 'webhook-id',
            value: (
              <span className="mono" style={{ overflowWrap: 'anywhere' }}>
                {eventId}
              </span>
            ),
          },
          { label: 'Time', value: <DateTime at={createdAt} /> },
          ...(nextAttemptAt === null ? [] : [{ label: 'Next try', value: <DateTime at={nextAttemptAt} /> }]),
        ]}
      />
      <CodeBlock title="Body" copyLabel="Copy body" code={JSON.stringify(JSON.parse(body), null, 2)} />
      <Text size="sm" fw={550} component="h3">
        Tries
      </Text>
      {tries.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      ) : (
        <ol className={classes.tries}>
          {tries.map((attempt) => (
            <Try key={attempt.number} attempt={attempt} />
          ))}
        </ol>
      )}
    </>
  );
}

function Try({ attempt }: { readonly attempt: WebhookAttempt }) {
  const { number, attemptedAt, durationMs, outcome, excerpt } = attempt;
  return (
    <li className={classes.try}>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {number}.
          </Text>
          <StatusBadge tone={outcome === 'delivered' ? 'positive' : 'danger'}>{outcomeOf(attempt)}</StatusBadge>
        </Group>
        <Text size="xs" c="dimmed">
          <DateTime at={attemptedAt} /> · {durationMs} ms
        </Text>
      </Group>
      {excerpt !== '' && (
        <pre className={classes.excerpt} tabIndex={0} aria-label={`Answer to try ${number}`}>
          {excerpt}
        </pre>
      )}
    </li>
  );
}
