import { Alert, Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconEye } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { issueInvoice, reviewWindowQuery, setReviewWindow } from '../../api/finance.js';
import type { Invoice } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DateTime } from '../../components/date-time.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';

const MAX_HOURS = 720;

/** Ends the review of an invoice; nothing for one that is in none. */
export function ReviewNotice({ invoice }: { readonly invoice: Invoice }) {
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const issue = useMutation({
    mutationFn: () => issueInvoice(invoice.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['finance'] }),
  });
  if (invoice.state !== 'review') return null;
  return (
    <Alert color="yellow" icon={<IconEye size={20} />} title="This invoice is in review" mb="lg">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          It is issued and collected {invoice.reviewEndsAt && <DateTime at={invoice.reviewEndsAt} />} unless you do it
          now.
        </Text>
        <Button size="sm" onClick={() => setAsking(true)}>
          Issue now
        </Button>
      </Group>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Issue this invoice?"
        action="Issue invoice"
        isPending={issue.isPending}
        error={issue.error}
        onConfirm={() => issue.mutate(undefined, { onSuccess: () => setAsking(false) })}
      >
        It gets the next number and {invoice.total.formatted} are collected from {invoice.organization.name}. After that
        nothing of it can be changed.
      </ConfirmDialog>
    </Alert>
  );
}

/** How long the invoices of the payer wait before they are issued. */
export function ReviewWindow({ organization }: { readonly organization: Invoice['organization'] }) {
  const window = useQuery(reviewWindowQuery(organization.id));
  return (
    <Section
      title="Review window"
      description={`How long invoices of ${organization.name} wait before they are issued. With 0 they are issued when their period closes.`}
    >
      <Loaded query={window} skeleton={<CardsSkeleton cards={1} height={60} />}>
        {(loaded) => <ReviewWindowForm key={loaded.etag} organizationId={organization.id} {...loaded} />}
      </Loaded>
    </Section>
  );
}

interface ReviewWindowFormProps {
  readonly organizationId: string;
  readonly hours: number;
  readonly etag: string;
}

function ReviewWindowForm({ organizationId, hours, etag }: ReviewWindowFormProps) {
  const queryClient = useQueryClient();
  const [value, setValue] = useState<number | string>(hours);
  const reload = () => queryClient.invalidateQueries({ queryKey: ['finance', 'review-window', organizationId] });
  const save = useMutation({
    mutationFn: (next: number) => setReviewWindow(organizationId, next, etag),
    onSuccess: reload,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typeof value === 'number') save.mutate(value);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <NumberInput
            label="Hours"
            value={value}
            onChange={setValue}
            min={0}
            max={MAX_HOURS}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="strict"
            w={140}
          />
          <Button type="submit" variant="default" disabled={value === hours || value === ''} loading={save.isPending}>
            Save
          </Button>
        </Group>
        {save.isError && <ProblemAlert error={save.error} onReload={() => void reload()} />}
      </Stack>
    </form>
  );
}
