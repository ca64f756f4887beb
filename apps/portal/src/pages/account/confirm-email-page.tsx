import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sessionKey } from '../../api/session.js';
import { confirmEmailChange, userKey } from '../../api/user.js';
import { ButtonLink } from '../../components/links.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { AccountCard } from './account-card.js';

const route = getRouteApi('/confirm-email');

/** Where the mail to a new address leads. It takes a click, as programs that look into mails open every link. */
export function ConfirmEmailPage(): ReactNode {
  const { token = '' } = route.useSearch();
  const queryClient = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => confirmEmailChange(token),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: userKey }),
        queryClient.invalidateQueries({ queryKey: sessionKey }),
      ]),
  });
  if (confirm.isSuccess) {
    return (
      <AccountCard title="Your e-mail address is changed">
        <Text>
          You sign in with <strong>{confirm.data.email}</strong> from now on.
        </Text>
        <ButtonLink to="/settings" mt="lg">
          Go to your settings
        </ButtonLink>
      </AccountCard>
    );
  }
  return (
    <AccountCard title="Confirm your new e-mail address" description="Your account uses this mailbox from then on.">
      <Stack gap="md">
        {confirm.isError && <ProblemAlert error={confirm.error} />}
        <Button
          size="md"
          fullWidth
          loading={confirm.isPending}
          disabled={confirm.isError}
          onClick={() => confirm.mutate()}
        >
          Confirm the address
        </Button>
        {confirm.isError && (
          <ButtonLink to="/settings" variant="default">
            Go to your settings
          </ButtonLink>
        )}
      </Stack>
    </AccountCard>
  );
}
