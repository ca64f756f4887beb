import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../api/settings.js';
import type { UserProfile } from '../api/types.js';
import { requestEmailChange } from '../api/user.js';
import { ButtonLink, TextLink } from '../components/links.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { emailFault, faultsOf, requiredFault } from '../pages/account/account-fields.js';
import { useFields } from '../pages/account/use-fields.js';
import { OwnPasswordInput } from './own-password-input.js';

const empty = { newEmail: '', password: '' };

export function EmailSection({ profile }: { readonly profile: UserProfile }) {
  return (
    <Section
      title="E-mail address"
      description={
        <>
          You sign in with <strong>{profile.email}</strong>.
        </>
      }
    >
      {profile.hasPassword ? (
        <ChangeEmail />
      ) : (
        <Stack gap="sm" align="flex-start">
          <Text size="sm">To change it, choose a password first.</Text>
          <ButtonLink to="/forgot-password" variant="default">
            Choose a password
          </ButtonLink>
        </Stack>
      )}
    </Section>
  );
}

function ChangeEmail() {
  const { data: settings } = useQuery(settingsQuery);
  const { field, form, onSubmit, reset } = useFields(empty, ({ newEmail, password }) =>
    faultsOf({ newEmail: emailFault(newEmail), password: requiredFault(password, 'Enter your password.') }),
  );
  const request = useMutation({
    mutationFn: ({ newEmail, password }: typeof empty) => requestEmailChange(newEmail.trim(), password),
    onSuccess: reset,
  });
  return (
    <form ref={form} noValidate onSubmit={onSubmit((filled) => request.mutate(filled))}>
      <Stack gap="md" maw={420}>
        {request.isError && <ProblemAlert error={request.error} />}
        <div role="status">
          {request.isSuccess && (
            <Alert color="accent" title="Confirm the new address">
              We sent a link to {request.variables.newEmail.trim()}. Until it is opened, your address stays.{' '}
              {settings?.inbox && (
                <TextLink to="/inbox" size="sm" underline="always">
                  Open the inbox
                </TextLink>
              )}
            </Alert>
          )}
        </div>
        <TextInput
          label="New e-mail address"
          type="email"
          autoComplete="email"
          required
          withAsterisk={false}
          {...field('newEmail')}
        />
        <OwnPasswordInput {...field('password')} />
        <Group>
          <Button type="submit" loading={request.isPending}>
            Send the link
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
