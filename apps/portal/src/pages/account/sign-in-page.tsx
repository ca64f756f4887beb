import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { signIn } from '../../api/authentication.js';
import { ProblemError } from '../../api/problem.js';
import { forgetPersonalData, sessionQuery } from '../../api/session.js';
import { TextLink } from '../../components/links.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { isServerPage, safePath, wayBackTo } from '../../router/safe-path.js';
import { homeOf } from '../../shell/areas.js';
import { AccountCard } from './account-card.js';
import { emailFault, faultsOf, requiredFault } from './account-fields.js';
import { IdentityProviderButton } from './identity-provider-button.js';
import { ResendVerification } from './resend-verification.js';
import { SecondFactor } from './second-factor.js';
import { signInErrorWords } from './sign-in-error.js';
import { useFields } from './use-fields.js';

const route = getRouteApi('/sign-in');

export function SignInPage(): ReactNode {
  const search = route.useSearch();
  const arrive = useArrive(search.redirect);
  const enter = useMutation({
    mutationFn: ({ email, password }: { email: string; password: string }) => signIn(email.trim(), password),
    onSuccess: ({ twoFactorRequired }) => (twoFactorRequired ? undefined : arrive()),
  });
  const { values, field, form, onSubmit } = useFields({ email: '', password: '' }, ({ email, password }) =>
    faultsOf({ email: emailFault(email), password: requiredFault(password, 'Enter your password.') }),
  );
  const unverified = enter.error instanceof ProblemError && enter.error.code === 'email_not_verified';
  if (enter.data?.twoFactorRequired) return <SecondFactor onSignedIn={arrive} onBack={enter.reset} />;
  return (
    <AccountCard
      title="Sign in"
      below={
        <>
          No account yet?{' '}
          <TextLink to="/sign-up" search={search} underline="always">
            Create an account
          </TextLink>
        </>
      }
    >
      <form ref={form} noValidate onSubmit={onSubmit((filled) => enter.mutate(filled))}>
        <Stack gap="md">
          {search.error && !enter.isError && (
            <Alert color="yellow" title={signInErrorWords(search.error).title}>
              {signInErrorWords(search.error).words}
            </Alert>
          )}
          {unverified && <ResendVerification email={values.email.trim()} callbackURL={wayBackTo(search.redirect)} />}
          {enter.isError && !unverified && <ProblemAlert error={enter.error} />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...field('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide what is typed' }}
            {...field('password')}
          />
          <Button type="submit" size="md" mt={4} fullWidth loading={enter.isPending}>
            Sign in
          </Button>
          <TextLink to="/forgot-password" size="sm" ta="center">
            Forgot your password?
          </TextLink>
          <IdentityProviderButton target={search.redirect} />
        </Stack>
      </form>
    </AccountCard>
  );
}

/** What follows a sign-in: nothing of who was here before stays, and the page opens that was asked for. */
function useArrive(target: string | undefined) {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async () => {
    forgetPersonalData(queryClient);
    const session = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    const href = safePath(target, homeOf(session));
    await router.navigate({ href, replace: true, reloadDocument: isServerPage(href) });
  };
}
