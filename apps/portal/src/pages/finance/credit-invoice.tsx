import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { creditNotePreviewQuery, issueCreditNote, proposeRefund } from '../../api/credit-notes.js';
import { CreditPreview } from './credit-preview.js';
import type { Invoice } from '../../api/types.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { minorOfInput } from '../../format/minor-input.js';
import { isUnpaid } from '../../invoices/invoice-words.js';
import { ReasonField } from '../../components/reason-field.js';
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
  const [target, setTarget] = useState<'balance' | 'card'>('balance');
  const [reason, setReason] = useState('');
  const [amounts, setAmounts] = useState<Readonly<Record<string, string>>>({});
  const charged = chargedLines(invoice.lines ?? []);
  const written = charged.flatMap(({ id }) => {
    const text = amounts[id] ?? '';
    return text === '' ? [] : [{ lineId: id, amountMinor: minorOfInput(text, currency) }];
  });
  const lines = written.flatMap(({ lineId, amountMinor }) => (amountMinor === null ? [] : [{ lineId, amountMinor }]));
  const hasScope = scope === 'all' || (lines.length > 0 && lines.length === written.length);
  const asked = scope === 'all' ? null : lines;
  const preview = useQuery({ ...creditNotePreviewQuery(invoice.id, asked), enabled: hasScope });
  const hasCard = (invoice.payments ?? []).some(({ method, state }) => method === 'card' && state === 'succeeded');
  const isRefund = target === 'card';
  const isReady = reason.trim() !== '' && hasScope && (!isRefund || preview.data?.refundable.amountMinor !== '0');
  const credit = useFinanceAction(
    () => (isRefund ? proposeRefund : issueCreditNote)(invoice.id, { reason, lines: asked }),
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
                description={`Charged: ${line.amount.formatted}${line.discount === null ? '' : `, less ${line.discount}`}`}
                placeholder={`Nothing, or an amount in ${currency}`}
                inputMode="decimal"
                value={text}
                error={text !== '' && minorOfInput(text, currency) === null ? `Write an amount of ${currency}.` : null}
                onChange={(event) => setAmounts({ ...amounts, [line.id]: event.currentTarget.value })}
              />
            );
          })}
        {invoice.state === 'paid' && hasCard && (
          <Radio.Group
            label="Where it goes"
            value={target}
            onChange={(value) => setTarget(value === 'card' ? 'card' : 'balance')}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="balance" label="To the balance" description="At once. The next invoices use it." />
              <Radio
                value="card"
                label="Back to the card that paid"
                description="Another person of finance must approve it."
              />
            </Stack>
          </Radio.Group>
        )}
        <ReasonField description="It is printed on the credit note." value={reason} onChange={setReason} />
        {hasScope && <CreditPreview preview={preview} isRefund={isRefund} />}
        {credit.isError && <ProblemAlert error={credit.error} />}
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="dimmed" flex="1 1 16rem">
            {consequence(invoice, isRefund)}
          </Text>
          <Button type="submit" loading={credit.isPending} disabled={!isReady}>
            {isRefund ? 'Propose refund' : 'Issue credit note'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What was charged, each with what a coupon took off it, which is on the line after it. */
function chargedLines(lines: NonNullable<Invoice['lines']>) {
  return lines.flatMap((line, index) => {
    if (line.kind === 'discount' || BigInt(line.amount.amountMinor) <= 0n) return [];
    const next = lines[index + 1];
    return [{ ...line, discount: next?.kind === 'discount' ? next.amount.formatted.replace(/^[-−]/, '') : null }];
  });
}

function consequence({ state, due, organization }: Invoice, isRefund: boolean): string {
  if (isRefund) return 'The credit note is issued when it is approved. Until then it can be taken back.';
  if (isUnpaid(state)) return `It comes off the ${due.formatted} that are due first; the rest goes to the balance.`;
  return `It goes to the balance of ${organization.name}, and cannot be taken back.`;
}
