import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { creditsQuery } from '../../api/credits.js';
import { TextLink } from '../../components/links.js';
import { Section } from '../../components/section.js';
import { runOutWords } from '../../credits/credit-words.js';
import { useOrganizationId } from '../../organization/organization-context.js';

/** What is left of the prepaid credits in a currency, and how long it will do; nothing where there never were any. */
export function SubscriptionCredits({ currency }: { readonly currency: string }) {
  const credits = useQuery({ ...creditsQuery(useOrganizationId()), refetchInterval: 10_000 });
  const stores = credits.data?.stores.filter(({ available }) => available.currency === currency) ?? [];
  if (stores.length === 0) return null;
  return (
    <Section title="Prepaid credits" description="They pay for usage before the card is charged.">
      <Stack gap="sm">
        {stores.map(({ seller, available, runsOutAt }) => (
          <div key={seller.slug}>
            <Text fz={22} fw={600} className="tabular">
              {available.formatted}
            </Text>
            <Text size="sm" c="dimmed">
              left with {seller.name}. {runOutWords({ available, runsOutAt })}.
            </Text>
          </div>
        ))}
        <TextLink to="/dashboard/billing" size="sm">
          Credits and invoices
        </TextLink>
      </Stack>
    </Section>
  );
}
