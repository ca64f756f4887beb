import { Alert, Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { rebuildInvoice } from '../../api/finance.js';
import type { Invoice } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { isUnpaid } from '../../invoices/invoice-words.js';
import { useFinanceAction } from './use-finance-action.js';

/** Says what the payment provider has differently of an invoice, and has it built anew there; nothing for another. */
export function HeldNotice({ invoice }: { readonly invoice: Invoice }) {
  const [isOpen, dialog] = useDisclosure(false);
  const rebuild = useFinanceAction(() => rebuildInvoice(invoice.id), dialog.close);
  if (!invoice.isHeld || !isUnpaid(invoice.state)) return null;
  return (
    <Alert color="red" title="Held: the payment provider has it differently" mb="lg">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{invoice.failureMessage}</Text>
        <Text size="sm">Nothing is finalized there, and nothing is charged, until it is built anew.</Text>
        <Button variant="default" onClick={dialog.open}>
          Build anew
        </Button>
      </Stack>
      <ConfirmDialog
        opened={isOpen}
        onClose={dialog.close}
        title="Build this invoice anew at the payment provider?"
        action="Build anew"
        isPending={rebuild.isPending}
        error={rebuild.error}
        onConfirm={() => rebuild.mutate()}
      >
        <Text size="sm">
          The draft that did not match is thrown away. The new one is compared as well, before anything is charged: if
          the cause is still there, the invoice is held again.
        </Text>
      </ConfirmDialog>
    </Alert>
  );
}
