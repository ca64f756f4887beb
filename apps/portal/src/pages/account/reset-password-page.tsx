import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { resetPassword } from '../../api/authentication.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { AccountCard } from './account-card.js';
import { faultsOf, minPasswordLength, passwordFault } from './account-fields.js';
import { useFields } from './use-fields.js';

const route = getRouteApi('/reset-password');

export function ResetPasswordPage(): ReactNode {
  const { token, error } = route.useSearch();
  if (!token || error) {
    return (
      <AccountCard title="This link does not work any more">
        <Text>It has expired or was used already.</Text>
        <ButtonLink to="/forgot-password" mt="lg">
          Ask for a new link
        </ButtonLink>
      </AccountCard>
    );
  }
  return <NewPassword token={token} />;
}

function NewPassword({ token }: { readonly token: string }) {
  const reset = useMutation({ mutationFn: (password: string) => resetPassword(token, password) });
  const { field, form, onSubmit } = useFields({ password: '' }, ({ password }) =>
    faultsOf({ password: passwordFault(password) }),
  );
  if (reset.isSuccess) {
    return (
      <AccountCard title="Your password is changed">
        <Text>All other sessions of your account have ended.</Text>
        <ButtonLink to="/sign-in" mt="lg">
          Sign in
        </ButtonLink>
      </AccountCard>
    );
  }
  return (
    <AccountCard title="Choose a new password" below={<TextLink to="/sign-in">Back to sign in</TextLink>}>
      <form ref={form} noValidate onSubmit={onSubmit(({ password }) => reset.mutate(password))}>
        <Stack gap="md">
          {reset.isError && <ProblemAlert error={reset.error} />}
          <PasswordInput
            label="New password"
            description={`At least ${minPasswordLength} characters.`}
            autoComplete="new-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide what is typed' }}
            {...field('password')}
          />
          <Button type="submit" size="md" fullWidth loading={reset.isPending}>
            Change the password
          </Button>
        </Stack>
      </form>
    </AccountCard>
  );
}
