import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { signUp } from '../../api/authentication.js';
import { productsQuery } from '../../api/catalog.js';
import { settingsQuery } from '../../api/settings.js';
import { invitationQuery } from '../../api/team.js';
import { faultsByField } from '../../api/problem.js';
import { TextLink } from '../../components/links.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { AccountCard } from './account-card.js';
import { emailFault, faultsOf, hasFaults, minPasswordLength, passwordFault, requiredFault } from './account-fields.js';
import { planInPath, rememberIntendedPlan } from '../../subscriptions/intended-plan.js';
import { offeredPlan } from '../../subscriptions/offered-plan.js';
import { CheckMail } from './check-mail.js';
import { PortalTermsCheckbox } from './portal-terms-checkbox.js';
import { IdentityProviderButton } from './identity-provider-button.js';
import { useFields } from './use-fields.js';

const route = getRouteApi('/sign-up');
const empty = { name: '', organizationName: '', email: '', password: '' };

export function SignUpPage(): ReactNode {
  const search = route.useSearch();
  const isInvited = search.invitation !== undefined;
  const invitation = useQuery({ ...invitationQuery(search.invitation ?? ''), enabled: isInvited });
  const terms = useQuery(settingsQuery).data?.terms ?? null;
  const wanted = planInPath(search.redirect);
  const products = useQuery({ ...productsQuery, enabled: wanted !== null });
  const offered = wanted === null ? null : offeredPlan(products.data ?? [], wanted);
  const [isAccepted, setAccepted] = useState(false);
  const [wasAsked, setAsked] = useState(false);
  const signUpMutation = useMutation({
    mutationFn: ({ organizationName, ...person }: typeof empty) =>
      signUp({
        ...person,
        ...(terms && { acceptedTerms: terms.version }),
        ...(isInvited ? { invitationToken: search.invitation! } : { organizationName }),
      }),
    onSuccess: () => {
      if (wanted !== null) rememberIntendedPlan(wanted);
    },
  });
  const serverFaults = faultsByField(signUpMutation.error);
  const { values, field, form, onSubmit } = useFields(
    empty,
    ({ name, organizationName, email, password }) =>
      faultsOf({
        name: requiredFault(name, 'Enter your name.'),
        organizationName: isInvited
          ? undefined
          : requiredFault(organizationName, 'Enter the name of your organization, or your own.'),
        email: emailFault(email),
        password: passwordFault(password),
      }),
    serverFaults,
  );

  if (signUpMutation.isSuccess) {
    return <CheckMail email={values.email} callbackURL={search.redirect} onCorrect={() => signUpMutation.reset()} />;
  }
  return (
    <AccountCard
      title="Create your account"
      description={
        isInvited
          ? `To join ${invitation.data?.organizationName ?? 'the organization'}, sign up as ${invitation.data?.email ?? 'the address that the mail went to'}.`
          : offered
            ? `To subscribe to ${offered.plan.title} of ${offered.product.title}. You go on with it after confirming your e-mail address.`
            : 'Free plans need no card. You get keys right after confirming your e-mail address.'
      }
      below={
        <>
          Have an account?{' '}
          <TextLink to="/sign-in" search={search} underline="always">
            Sign in
          </TextLink>
        </>
      }
    >
      <form
        ref={form}
        noValidate
        onSubmit={onSubmit((filled) => {
          setAsked(true);
          if (terms === null || isAccepted) signUpMutation.mutate(filled);
        })}
      >
        <Stack gap="md">
          {signUpMutation.isError && !hasFaults(serverFaults) && <ProblemAlert error={signUpMutation.error} />}
          <TextInput label="Name" autoComplete="name" required withAsterisk={false} {...field('name')} />
          {!isInvited && (
            <TextInput
              label="Organization"
              description="Who subscribes and pays: your company, or yourself."
              autoComplete="organization"
              required
              withAsterisk={false}
              {...field('organizationName')}
            />
          )}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="email"
            required
            withAsterisk={false}
            {...field('email')}
          />
          <PasswordInput
            label="Password"
            description={`At least ${minPasswordLength} characters.`}
            autoComplete="new-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide what is typed' }}
            {...field('password')}
          />
          {terms && (
            <PortalTermsCheckbox
              terms={terms}
              checked={isAccepted}
              error={wasAsked && !isAccepted ? 'Accept the terms to sign up.' : undefined}
              onChange={setAccepted}
            />
          )}
          <Button type="submit" size="md" mt={4} fullWidth loading={signUpMutation.isPending}>
            Sign up
          </Button>
          <IdentityProviderButton target={search.redirect} />
        </Stack>
      </form>
    </AccountCard>
  );
}
