import { Alert, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { paymentMethodQuery } from '../api/payment-method.js';
import { paymentTermsQuery } from '../api/payment-terms.js';
import type { Subscription } from '../api/types.js';
import { DateTime } from '../components/date-time.js';
import { ButtonLink } from '../components/links.js';
import { useOrganizationId } from '../organization/organization-context.js';

interface PriceRiseNoticeProps {
  readonly subscription: Subscription;
  readonly maySaveCard: boolean;
}

/** Says that a trial or a coupon ends while no card is saved that could pay for what comes then; nothing otherwise. */
export function PriceRiseNotice({ subscription: { priceRise }, maySaveCard }: PriceRiseNoticeProps) {
  const organizationId = useOrganizationId();
  const isToCome = priceRise !== null;
  const card = useQuery({ ...paymentMethodQuery(organizationId), enabled: isToCome });
  const terms = useQuery({ ...paymentTermsQuery(organizationId), enabled: isToCome });
  if (priceRise === null || card.data !== null || terms.data?.method !== 'card') return null;
  return (
    <Alert color="yellow" title="No card is saved">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {priceRise.because === 'trial_ends' ? 'The trial ends ' : 'The coupon ends '}
          <DateTime at={priceRise.at} />. {maySaveCard ? 'Save a card' : 'Ask who pays for a card'} before that to go
          on.
        </Text>
        {maySaveCard && (
          <ButtonLink to="/dashboard/billing" variant="default" size="xs">
            Save a card
          </ButtonLink>
        )}
      </Group>
    </Alert>
  );
}
