import { Alert, List, Text } from '@mantine/core';
import type { DeletionHindrance } from '../api/types.js';
import { TextLink } from '../components/links.js';

/** Where what keeps a deletion is done. */
const places = {
  subscriptions_active: { to: '/dashboard/applications', label: 'Applications' },
  invoices_open: { to: '/dashboard/billing', label: 'Billing' },
  only_owner: { to: '/dashboard/team', label: 'Team' },
} as const;

/** What has to be done before something can be deleted, and where. */
export function HindranceList({ hindrances }: { readonly hindrances: readonly DeletionHindrance[] }) {
  return (
    <Alert color="yellow" title="Not yet">
      <List size="sm" spacing={6}>
        {hindrances.map(({ reason, organization, message }) => {
          const place = reason in places ? places[reason as keyof typeof places] : null;
          return (
            <List.Item key={`${reason} ${organization?.id}`}>
              <Text span inherit>
                {organization && <strong>{organization.name}: </strong>}
                {message}{' '}
                {place && (
                  <TextLink to={place.to} size="sm" underline="always">
                    {place.label}
                  </TextLink>
                )}
              </Text>
            </List.Item>
          );
        })}
      </List>
    </Alert>
  );
}
