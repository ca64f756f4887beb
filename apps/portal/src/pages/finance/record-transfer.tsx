import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { ProblemError } from '../../api/problem.js';
import { type NewTransfer, recordTransfer } from '../../api/transfers.js';
import type { Invoice } from '../../api/types.js';
import { Dialog } from '../../components/dialog.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { minorOfInput } from '../../format/minor-input.js';
import { isUnpaid } from '../../invoices/invoice-words.js';
import { useFinanceAction } from './use-finance-action.js';

/** Records a transfer that has arrived for an invoice; nothing for one that is due of nothing. */
export function RecordTransfer({ invoice }: { readonly invoice: Invoice }) {
  const [isOpen, dialog] = useDisclosure(false);
  if (!isUnpaid(invoice.state) || invoice.number === null) return null;
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Record transfer
      </Button>
      <Dialog opened={isOpen} onClose={dialog.close} title={`Record a transfer for ${invoice.number}`} size="lg">
        <TransferForm invoice={invoice} number={invoice.number} onDone={dialog.close} />
      </Dialog>
    </>
  );
}

interface TransferFormProps {
  readonly invoice: Invoice;
  readonly number: string;
  readonly onDone: () => void;
}

function TransferForm({ invoice, number, onDone }: TransferFormProps) {
  const { currency } = invoice.due;
  const [amount, setAmount] = useState('');
  const [valueDate, setValueDate] = useState('');
  const [reference, setReference] = useState(number);
  const [sender, setSender] = useState('');
  const [insist, setInsist] = useState(false);
  const record = useFinanceAction((transfer: NewTransfer) => recordTransfer(transfer), onDone);
  const amountMinor = minorOfInput(amount, currency);
  const isBad = amount !== '' && (amountMinor === null || !/^[1-9]/.test(amountMinor));
  const looksTheSame = record.error instanceof ProblemError && record.error.code === 'transfer_recorded';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amountMinor === null || isBad) return;
    record.mutate({ invoice: invoice.id, currency, amountMinor, valueDate, reference, sender, insist });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Group grow align="flex-start">
          <TextInput
            label={`Amount in ${currency}`}
            description={`${invoice.due.formatted} are due.`}
            inputMode="decimal"
            required
            data-autofocus
            value={amount}
            error={isBad ? `Write an amount of ${currency} such as 25 or 3.50.` : null}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
          <TextInput
            label="Value date"
            description="The day of the bank."
            type="date"
            required
            value={valueDate}
            onChange={(event) => setValueDate(event.currentTarget.value)}
          />
        </Group>
        <TextInput
          label="Reference"
          description="What the payer wrote."
          required
          maxLength={300}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        <TextInput
          label="Sender"
          maxLength={300}
          value={sender}
          onChange={(event) => setSender(event.currentTarget.value)}
        />
        {record.isError && <ProblemAlert error={record.error} title="Not recorded" />}
        {(looksTheSame || insist) && (
          <Checkbox
            label="The bank shows two: this is another transfer"
            checked={insist}
            onChange={(event) => setInsist(event.currentTarget.checked)}
          />
        )}
        <Group justify="space-between">
          <span>What is beyond the amount due goes to the balance.</span>
          <Button
            type="submit"
            loading={record.isPending}
            disabled={isBad || amount === '' || valueDate === '' || reference.trim() === ''}
          >
            Record
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
