import { Button, Checkbox, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { giveUpInvoice, reissueInvoice, voidInvoice } from '../../api/finance.js';
import type { Invoice } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { isUnpaid } from '../../invoices/invoice-words.js';
import { ReasonButton } from '../../components/reason-button.js';
import { useFinanceAction } from './use-finance-action.js';

/** Makes an unpaid invoice void, with another in its place if that is wanted; nothing for one that cannot be. */
export function VoidInvoice({ invoice }: { readonly invoice: Invoice }) {
  const [reissue, setReissue] = useState(true);
  const isJoined = invoice.collectedWith !== null;
  if (!isUnpaid(invoice.state) || isJoined || (invoice.creditNotes ?? []).length > 0) return null;
  return (
    <ReasonButton
      label="Void"
      title={`Void invoice ${invoice.number ?? ''}`}
      reasonDescription="The organization sees it."
      action="Void invoice"
      run={(reason) => voidInvoice(invoice.id, { reason, reissue: reissue && isOfPeriod(invoice) })}
      fields={
        isOfPeriod(invoice) && (
          <Checkbox
            label="Make another invoice of this period"
            description="With the same lines, and seller and payer as they are now. It waits in review for a day."
            checked={reissue}
            onChange={(event) => setReissue(event.currentTarget.checked)}
          />
        )
      }
    >
      Nothing of it is owed any more, here and at the payment provider. It keeps its number, and what it took of the
      balance goes back. This cannot be undone.
    </ReasonButton>
  );
}

/** Credits that were bought are not bought again by an invoice in its place. */
function isOfPeriod({ lines = [] }: Invoice): boolean {
  return lines.every(({ kind }) => kind !== 'credit_purchase');
}

/** Gives up an invoice that is past due, or carried where no next one is expected; nothing for another. */
export function GiveUpInvoice({ invoice }: { readonly invoice: Invoice }) {
  if (invoice.state !== 'past_due' && !invoice.isCarried) return null;
  return (
    <ReasonButton
      label="Give up"
      title={`Give up invoice ${invoice.number ?? ''}`}
      reasonDescription="For the audit log."
      action="Mark as uncollectible"
      run={(reason) => giveUpInvoice(invoice.id, reason)}
    >
      No card is charged for it any more. {invoice.due.formatted} are still owed: it may be paid later, or be made void.
    </ReasonButton>
  );
}

/** Makes an invoice in the place of a void one that has none. */
export function ReissueInvoice({ invoice }: { readonly invoice: Invoice }) {
  const [isOpen, dialog] = useDisclosure(false);
  const reissue = useFinanceAction(() => reissueInvoice(invoice.id), dialog.close);
  if (invoice.state !== 'void' || invoice.replacedBy !== null || !isOfPeriod(invoice)) return null;
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Make another
      </Button>
      <ConfirmDialog
        opened={isOpen}
        onClose={dialog.close}
        title="Make another invoice of this period?"
        action="Make invoice"
        isPending={reissue.isPending}
        error={reissue.error}
        onConfirm={() => reissue.mutate()}
      >
        <Text size="sm">
          It has the same lines, and the seller and payer as they are now. It waits in review for a day, and gets the
          next number when it is issued.
        </Text>
      </ConfirmDialog>
    </>
  );
}
