import type { Invoice } from '../../api/types.js';
import { TextLink } from '../../components/links.js';
import { isOfCalls } from '../../invoices/invoice-words.js';

interface CallsLinkProps {
  readonly invoiceId: string;
  readonly line: NonNullable<Invoice['lines']>[number];
}

/** From a line of usage to the calls behind it; nothing for other lines. */
export function CallsLink({ invoiceId, line }: CallsLinkProps) {
  if (!isOfCalls(line)) return null;
  const { position } = line;
  return (
    <TextLink
      to="/finance/invoices/$invoiceId/lines/$position"
      params={{ invoiceId, position: String(position) }}
      size="xs"
      display="block"
    >
      Calls behind line {position}
    </TextLink>
  );
}
