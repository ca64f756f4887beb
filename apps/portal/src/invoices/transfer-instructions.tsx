import { Alert, Text } from '@mantine/core';
import { IconBuildingBank } from '@tabler/icons-react';
import type { Invoice } from '../api/types.js';
import { Facts } from '../components/facts.js';
import { isUnpaid } from './invoice-words.js';

/** Where the transfer for an invoice goes, and until when; nothing for one that needs none. */
export function TransferInstructions({ invoice }: { readonly invoice: Invoice }) {
  const { paymentMethod, state, number, due, dueAt, seller } = invoice;
  if (paymentMethod !== 'transfer' || !isUnpaid(state) || number === null) return null;
  const account = seller.bankAccount;
  const day = dueAt?.slice(0, 10);
  return (
    <Alert
      color={state === 'issued' ? 'blue' : 'red'}
      icon={<IconBuildingBank size={20} />}
      title={`Transfer ${due.formatted}${day ? ` by ${day} (UTC)` : ''}`}
    >
      {account ? (
        <Facts
          entries={[
            { label: 'Account holder', value: seller.name },
            { label: 'IBAN', value: <span className="mono">{account.iban.replace(/(.{4})(?=.)/g, '$1 ')}</span> },
            ...(account.bic ? [{ label: 'BIC', value: <span className="mono">{account.bic}</span> }] : []),
            {
              label: 'Reference',
              value: <span className="mono">{[account.referenceText, number].filter(Boolean).join(' ')}</span>,
            },
          ]}
        />
      ) : (
        <Text size="sm">{seller.name} tells where to.</Text>
      )}
    </Alert>
  );
}
