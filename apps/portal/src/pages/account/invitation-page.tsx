import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sessionQuery } from '../../api/session.js';
import { acceptInvitation, invitationQuery } from '../../api/team.js';
import { ButtonLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { organizationKey } from '../../organization/organization-context.js';
import { useSignOut } from '../../shell/user-menu.js';
import { AccountCard } from './account-card.js';
import { signInErrorWords } from './sign-in-error.js';

const route = getRouteApi('/invitation');

/** Where the link of an invitation leads: who invites, to what, and the button to join. */
export function InvitationPage(): ReactNode {
  const { token = '', error } = route.useSearch();
  const { data: session } = useQuery(sessionQuery);
  const invitation = useQuery(invitationQuery(token));
  const user = session?.user;
  return (
    <AccountCard title={invitation.data ? `Join ${invitation.data.organizationName}` : 'Invitation'}>
      <Loaded query={invitation} skeleton={<TableSkeleton rows={2} />}>
        {({ organizationName, inviterName, email, role }) => (
          <Stack gap="md">
            {error && !user && (
              <Alert color="yellow" title={signInErrorWords(error).title}>
                {signInErrorWords(error).words}
              </Alert>
            )}
            <Text>
              {inviterName ?? 'Somebody'} invites <strong>{email}</strong> to work in {organizationName} as{' '}
              <strong>{role}</strong>.
            </Text>
            {!user && <Visitor token={token} />}
            {user && user.email.toLowerCase() === email && <Join token={token} />}
            {user && user.email.toLowerCase() !== email && <WrongPerson token={token} email={user.email} />}
          </Stack>
        )}
      </Loaded>
    </AccountCard>
  );
}

function invitationPath(token: string): string {
  return `/invitation?token=${encodeURIComponent(token)}`;
}

function Visitor({ token }: { readonly token: string }) {
  const search = { redirect: invitationPath(token) };
  return (
    <Group gap="sm">
      <ButtonLink to="/sign-up" search={{ ...search, invitation: token }}>
        Create an account
      </ButtonLink>
      <ButtonLink to="/sign-in" search={search} variant="default">
        Sign in
      </ButtonLink>
    </Group>
  );
}

function Join({ token }: { readonly token: string }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const [, choose] = useLocalStorage<string | null>({ key: organizationKey, defaultValue: null });
  const join = useMutation({
    mutationFn: () => acceptInvitation(token),
    onSuccess: async ({ organizationId }) => {
      choose(organizationId);
      await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await router.navigate({ to: '/dashboard' });
    },
  });
  return (
    <>
      {join.isError && <ProblemAlert error={join.error} />}
      <Button size="md" loading={join.isPending} onClick={() => join.mutate()}>
        Join
      </Button>
    </>
  );
}

function WrongPerson({ token, email }: { readonly token: string; readonly email: string }) {
  const leave = useSignOut(invitationPath(token));
  return (
    <>
      <Text size="sm">
        You are signed in as <strong>{email}</strong>, which is another address. Sign out to go on with the one that is
        invited.
      </Text>
      <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
        Sign out
      </Button>
    </>
  );
}
