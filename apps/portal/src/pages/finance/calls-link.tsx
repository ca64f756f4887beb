import type { Invoice } from '../../api/types.js';
import { TextLink } from '../../components/links.js';

interface CallsLinkProps {
  readonly invoiceId: string;
  readonly line: NonNullable<Invoice['lines']>[number];
}

/** From a line of usage to the calls behind it; nothing for other lines. */
export function CallsLink({ invoiceId, line: { kind, position } }: CallsLinkProps) {
  if (kind !== 'usage' && kind !== 'late_usage') return null;
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
