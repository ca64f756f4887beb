import { Alert, Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { acceptTerms } from '../api/subscriptions.js';
import type { Subscription } from '../api/types.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { TermsCheckbox } from './terms-checkbox.js';
import { useOrganizationAction } from './use-organization-action.js';

interface ChangedTermsProps {
  readonly subscription: Subscription;
  readonly mayManage: boolean;
}

/** Terms that came after those that were accepted; nothing when there are none. */
export function ChangedTerms({ subscription: { id, product, terms, state }, mayManage }: ChangedTermsProps) {
  const [isRead, setIsRead] = useState(false);
  const accept = useOrganizationAction((organizationId) => acceptTerms(organizationId, id, terms?.version ?? ''));
  if (terms === null || terms.isAccepted) return null;
  return (
    <Alert color="yellow" title="Terms to accept">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {mayManage
            ? `The terms of ${product.title} have not been accepted for this subscription yet.${state === 'suspended' ? '' : ' Its calls go on meanwhile.'}`
            : `Someone who manages applications should accept the terms of ${product.title}, version ${terms.version}.`}
        </Text>
        {mayManage && (
          <>
            <TermsCheckbox product={product} version={terms.version} checked={isRead} onChange={setIsRead} />
            <Button size="xs" disabled={!isRead} loading={accept.isPending} onClick={() => accept.mutate()}>
              Accept
            </Button>
          </>
        )}
        {accept.isError && <ProblemAlert error={accept.error} title="Not accepted" />}
      </Stack>
    </Alert>
  );
}
