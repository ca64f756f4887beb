import type { Call } from '../sandbox.js';
import { addLine } from './draft-lines.js';
import { invoiceOf, type Invoice } from './invoice.js';

/** Puts what waits for the customer's next invoice on the draft, the oldest first. */
export function includePendingItems(call: Call, draft: Invoice): void {
  const pending = call.store
    .childrenOf('invoice_items', draft.customer)
    .filter((item) => item.invoice === null && item.currency === draft.currency);
  for (const item of pending.reverse()) {
    const attached = call.store.put('invoice_items', { ...item, invoice: draft.id });
    addLine(call, invoiceOf(call, draft.id), attached);
  }
}
