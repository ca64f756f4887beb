import { Button, Group, NumberInput, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Tagged } from '../../api/client.js';
import { financePaymentTermsQuery, setPaymentTerms } from '../../api/payment-terms.js';
import type { Invoice, PaymentTerms } from '../../api/types.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { useFinanceAction } from './use-finance-action.js';

const MAX_NET_DAYS = 90;

/** How the payer pays the invoices that are issued from now on, and the way to change it. */
export function OrganizationTerms({ organization }: { readonly organization: Invoice['organization'] }) {
  const terms = useQuery(financePaymentTermsQuery(organization.id));
  return (
    <Section
      title="Payment terms"
      description={`How ${organization.name} pays the invoices that are issued from now on. Issued ones keep their terms.`}
    >
      <Loaded query={terms} skeleton={<CardsSkeleton cards={1} height={60} />}>
        {(loaded) => <TermsForm key={loaded.etag} organizationId={organization.id} terms={loaded} />}
      </Loaded>
    </Section>
  );
}

interface TermsFormProps {
  readonly organizationId: string;
  readonly terms: Tagged<PaymentTerms>;
}

function TermsForm({ organizationId, terms }: TermsFormProps) {
  const [method, setMethod] = useState(terms.method);
  const [days, setDays] = useState<number | string>(terms.method === 'transfer' ? terms.netDays : 30);
  const save = useFinanceAction(
    (next: PaymentTerms) => setPaymentTerms(organizationId, next, terms.etag),
    () => undefined,
  );
  const queryClient = useQueryClient();
  const reload = () => queryClient.invalidateQueries({ queryKey: ['finance', 'payment-terms', organizationId] });
  const netDays = method === 'transfer' ? days : 0;
  const isSame = method === terms.method && netDays === terms.netDays;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typeof netDays === 'number') save.mutate({ method, netDays });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <SegmentedControl
            aria-label="Pays"
            value={method}
            onChange={(value) => setMethod(value === 'transfer' ? 'transfer' : 'card')}
            data={[
              { value: 'card', label: 'By card' },
              { value: 'transfer', label: 'By transfer' },
            ]}
          />
          {method === 'transfer' && (
            <NumberInput
              label="Net days"
              value={days}
              onChange={setDays}
              min={0}
              max={MAX_NET_DAYS}
              allowDecimal={false}
              allowNegative={false}
              clampBehavior="strict"
              w={110}
            />
          )}
          <Button type="submit" variant="default" loading={save.isPending} disabled={isSame || netDays === ''}>
            Save terms
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {method === 'transfer'
            ? 'No card is charged. Invoices name the day they are due and the bank account of the seller.'
            : 'The saved card is charged when an invoice is issued.'}
        </Text>
        {save.isError && <ProblemAlert error={save.error} title="Not saved" onReload={() => void reload()} />}
      </Stack>
    </form>
  );
}
