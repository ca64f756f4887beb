import { useQuery } from '@tanstack/react-query';
import { balanceQuery } from '../../api/balance.js';
import { BalanceStatement } from '../../balance/balance-statement.js';
import { useOrganizationId } from '../../organization/organization-context.js';

/** What the organization has in store; nothing where there never was anything. */
export function BalanceSection() {
  const balance = useQuery({ ...balanceQuery(useOrganizationId()), refetchInterval: 30_000 });
  if (!balance.data || balance.data.entries.length === 0) return null;
  return (
    <BalanceStatement statement={balance.data} description="Used for the next invoices before a card is charged." />
  );
}
