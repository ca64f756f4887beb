import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { issueCreditNote } from '../../api/credit-notes.js';
import type { Invoice } from '../../api/types.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { minorOfInput } from '../../format/minor-input.js';
import { isUnpaid } from '../../invoices/invoice-words.js';
import { ReasonField } from './reason-field.js';
import { useFinanceAction } from './use-finance-action.js';

/** Takes back an issued invoice, or a part of it; nothing for one that is not issued or has nothing left. */
export function CreditInvoice({ invoice }: { readonly invoice: Invoice }) {
  const [isOpen, dialog] = useDisclosure(false);
  const credited = (invoice.creditNotes ?? []).reduce((sum, { total }) => sum + BigInt(total.amountMinor), 0n);
  const isCreditable = invoice.state === 'paid' || isUnpaid(invoice.state);
  if (!isCreditable || credited >= BigInt(invoice.total.amountMinor)) return null;
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Credit
      </Button>
      <Dialog opened={isOpen} onClose={dialog.close} title={`Credit invoice ${invoice.number ?? ''}`} size="lg">
        <CreditForm invoice={invoice} onDone={dialog.close} />
      </Dialog>
    </>
  );
}

function CreditForm({ invoice, onDone }: { readonly invoice: Invoice; readonly onDone: () => void }) {
  const { currency } = invoice.total;
  const [scope, setScope] = useState('all');
  const [reason, setReason] = useState('');
  const [amounts, setAmounts] = useState<Readonly<Record<string, string>>>({});
  const charged = (invoice.lines ?? []).filter(({ amount }) => BigInt(amount.amountMinor) > 0n);
  const written = charged.flatMap(({ id }) => {
    const text = amounts[id] ?? '';
    return text === '' ? [] : [{ lineId: id, amountMinor: minorOfInput(text, currency) }];
  });
  const lines = written.flatMap(({ lineId, amountMinor }) => (amountMinor === null ? [] : [{ lineId, amountMinor }]));
  const isReady = reason.trim() !== '' && (scope === 'all' || (lines.length > 0 && lines.length === written.length));
  const credit = useFinanceAction(
    () => issueCreditNote(invoice.id, { reason, lines: scope === 'all' ? null : lines }),
    onDone,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) credit.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group label="What is given back" value={scope} onChange={setScope}>
          <Stack gap="xs" mt="xs">
            <Radio value="all" label="All that is left of the invoice" />
            <Radio value="lines" label="Parts of its lines" />
          </Stack>
        </Radio.Group>
        {scope === 'lines' &&
          charged.map((line) => {
            const text = amounts[line.id] ?? '';
            return (
              <TextInput
                key={line.id}
                label={line.description}
                description={`Charged: ${line.amount.formatted}`}
                placeholder={`Nothing, or an amount in ${currency}`}
                inputMode="decimal"
                value={text}
                error={text !== '' && minorOfInput(text, currency) === null ? `Write an amount of ${currency}.` : null}
                onChange={(event) => setAmounts({ ...amounts, [line.id]: event.currentTarget.value })}
              />
            );
          })}
        <ReasonField description="It is printed on the credit note." value={reason} onChange={setReason} />
        {credit.isError && <ProblemAlert error={credit.error} />}
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="dimmed">
            {isUnpaid(invoice.state)
              ? `It comes off the ${invoice.due.formatted} that are due first; the rest goes to the balance.`
              : `It goes to the balance of ${invoice.organization.name}, and cannot be taken back.`}
          </Text>
          <Button type="submit" loading={credit.isPending} disabled={!isReady}>
            Issue credit note
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
