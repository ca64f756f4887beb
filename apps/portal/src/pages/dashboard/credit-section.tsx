import { useQuery } from '@tanstack/react-query';
import { creditsQuery } from '../../api/credits.js';
import { CreditStatement } from '../../credits/credit-statement.js';
import { useOrganizationId } from '../../organization/organization-context.js';

/** The prepaid credits of the organization; nothing where there never were any. */
export function CreditSection() {
  const credits = useQuery({ ...creditsQuery(useOrganizationId()), refetchInterval: 30_000 });
  if (!credits.data || credits.data.grants.length === 0) return null;
  return <CreditStatement statement={credits.data} description="They pay for usage when a period is invoiced." />;
}
