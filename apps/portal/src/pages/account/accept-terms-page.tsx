import { Button, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { sessionQuery } from '../../api/session.js';
import { acceptPortalTerms } from '../../api/user.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { safePath } from '../../router/safe-path.js';
import { AccountCard } from './account-card.js';
import { PortalTermsCheckbox } from './portal-terms-checkbox.js';

const route = getRouteApi('/accept-terms');

/** Stands before the dashboard until the terms in force are accepted. */
export function AcceptTermsPage(): ReactNode {
  const target = safePath(route.useSearch().redirect, '/dashboard');
  const { data: session } = useQuery(sessionQuery);
  const [isAccepted, setAccepted] = useState(false);
  const queryClient = useQueryClient();
  const router = useRouter();
  const readSession = () => queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
  const accept = useMutation({
    mutationFn: acceptPortalTerms,
    // The session first: by the one that is known the way leads back here.
    onSuccess: async () => {
      await readSession();
      await router.navigate({ href: target });
    },
    onError: readSession,
  });
  const terms = session?.termsToAccept;
  if (!terms) {
    return (
      <AccountCard title="Terms of use" description="There is nothing to accept now.">
        <ButtonLink to="/dashboard">Go to the dashboard</ButtonLink>
      </AccountCard>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate(terms.version);
  };
  return (
    <AccountCard
      title="Terms of use"
      description="Read the terms and accept them to go on."
      below={
        <>
          You can still{' '}
          <TextLink to="/settings/data" underline="always">
            export or delete your data
          </TextLink>
        </>
      }
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {accept.isError && <ProblemAlert error={accept.error} />}
          <PortalTermsCheckbox terms={terms} checked={isAccepted} onChange={setAccepted} />
          <Button type="submit" size="md" fullWidth disabled={!isAccepted} loading={accept.isPending}>
            Accept and go on
          </Button>
        </Stack>
      </form>
    </AccountCard>
  );
}
