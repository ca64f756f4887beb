import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { financeBillingDetailsQuery, setTaxExemption } from '../../api/tax.js';
import type { Invoice } from '../../api/types.js';
import { Dialog } from '../../components/dialog.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { LinesSkeleton } from '../../components/skeletons.js';
import { BillingFacts } from '../../tax/billing-facts.js';
import { ReasonField } from '../../components/reason-field.js';

/** What the next invoices of the payer say of it, and the way to say that it is exempt. */
export function OrganizationTax({ organization }: { readonly organization: Invoice['organization'] }) {
  const details = useQuery(financeBillingDetailsQuery(organization.id));
  const [isOpen, dialog] = useDisclosure(false);
  const exemption = details.data?.exemptionReason ?? null;
  return (
    <Section
      title="Billing details"
      description={`What the next invoices of ${organization.name} say, and are taxed by.`}
      actions={
        <Button variant="default" size="sm" onClick={dialog.open} disabled={!details.data}>
          {exemption === null ? 'Exempt from tax' : 'Change exemption'}
        </Button>
      }
    >
      <Loaded query={details} skeleton={<LinesSkeleton lines={4} />}>
        {(loaded) => <BillingFacts details={loaded} />}
      </Loaded>
      <Dialog opened={isOpen} onClose={dialog.close} title={`Tax of ${organization.name}`}>
        {details.data && (
          <ExemptionForm
            organizationId={organization.id}
            exemption={exemption}
            etag={details.data.etag}
            onDone={dialog.close}
          />
        )}
      </Dialog>
    </Section>
  );
}

interface ExemptionFormProps {
  readonly organizationId: string;
  readonly exemption: string | null;
  readonly etag: string;
  readonly onDone: () => void;
}

function ExemptionForm({ organizationId, exemption, etag, onDone }: ExemptionFormProps) {
  const queryClient = useQueryClient();
  const [reason, setReason] = useState(exemption ?? '');
  // What was seen when the form opened is what is changed, whatever is read meanwhile.
  const [seen] = useState(etag);
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['finance', 'billing-details', organizationId] });
  const save = useMutation({
    mutationFn: (to: string | null) => setTaxExemption(organizationId, to, seen),
    onError: refresh,
    onSuccess: async () => {
      await refresh();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(reason);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">No tax is charged on the next invoices. Invoices that are made stay as they are.</Text>
        <ReasonField
          description="By which law. It is printed on the invoices."
          value={reason}
          onChange={(text) => setReason(text.slice(0, 300))}
        />
        {save.isError && <ProblemAlert error={save.error} title="Not saved" />}
        <Group justify="flex-end">
          {exemption !== null && (
            <Button variant="default" color="red" loading={save.isPending} onClick={() => save.mutate(null)}>
              End the exemption
            </Button>
          )}
          <Button type="submit" loading={save.isPending} disabled={reason.trim() === ''}>
            Exempt from tax
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
