import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { creditsQuery } from '../../api/credits.js';
import { BuyCredits } from '../../credits/buy-credits.js';
import { CreditPurchases } from '../../credits/credit-purchases.js';
import { CreditStatement } from '../../credits/credit-statement.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { useProviderWait } from '../../payment/use-provider-wait.js';

const route = getRouteApi('/dashboard/billing');

/** The prepaid credits of the organization, and the ways to buy some; nothing where there are none and none are sold. */
export function CreditSection() {
  const { purchase } = route.useSearch();
  const { organization, permissions } = useOrganization().current;
  const credits = useQuery({ ...creditsQuery(organization.id), refetchInterval: 5_000 });
  const waitedTooLong = useProviderWait(purchase === 'paid');
  if (!credits.data || (credits.data.grants.length === 0 && credits.data.offers.length === 0)) return null;
  const isManager = mayManage(permissions).billing;
  return (
    <CreditStatement
      statement={credits.data}
      description="They pay for usage when a period is invoiced."
      actions={isManager && <BuyCredits statement={credits.data} />}
    >
      <CreditPurchases statement={credits.data} mayManage={isManager} hasPaid={purchase === 'paid' && !waitedTooLong} />
    </CreditStatement>
  );
}
