import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { requestPasswordReset } from '../../api/authentication.js';
import { settingsQuery } from '../../api/settings.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { AccountCard } from './account-card.js';
import { emailFault, faultsOf } from './account-fields.js';
import { useFields } from './use-fields.js';

export function ForgotPasswordPage(): ReactNode {
  const { data: settings } = useQuery(settingsQuery);
  const request = useMutation({ mutationFn: (email: string) => requestPasswordReset(email.trim()) });
  const { values, field, form, onSubmit } = useFields({ email: '' }, ({ email }) =>
    faultsOf({ email: emailFault(email) }),
  );
  const back = <TextLink to="/sign-in">Back to sign in</TextLink>;
  if (request.isSuccess) {
    return (
      <AccountCard title="Check your mail" below={back}>
        <Text>
          If <strong>{values.email.trim()}</strong> has an account, a link to choose a new password is on its way.
        </Text>
        {settings?.inbox && (
          <ButtonLink to="/inbox" mt="lg">
            Open the inbox
          </ButtonLink>
        )}
      </AccountCard>
    );
  }
  return (
    <AccountCard title="Reset your password" description="We send you a link to choose a new one." below={back}>
      <form ref={form} noValidate onSubmit={onSubmit(({ email }) => request.mutate(email))}>
        <Stack gap="md">
          {request.isError && <ProblemAlert error={request.error} />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...field('email')}
          />
          <Button type="submit" size="md" fullWidth loading={request.isPending}>
            Send the link
          </Button>
        </Stack>
      </form>
    </AccountCard>
  );
}
