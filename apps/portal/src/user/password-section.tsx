import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { UserProfile } from '../api/types.js';
import { changePassword, userSessionsQuery } from '../api/user.js';
import { ButtonLink } from '../components/links.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { faultsOf, minPasswordLength, passwordFault, requiredFault } from '../pages/account/account-fields.js';
import { useFields } from '../pages/account/use-fields.js';

const empty = { currentPassword: '', newPassword: '' };
const toggle = { 'aria-label': 'Show or hide what is typed' };

export function PasswordSection({ profile }: { readonly profile: UserProfile }) {
  return (
    <Section title="Password" description="Changing it signs you out everywhere else.">
      {profile.hasPassword ? <ChangePassword email={profile.email} /> : <NoPassword />}
    </Section>
  );
}

function ChangePassword({ email }: { readonly email: string }) {
  const queryClient = useQueryClient();
  const { field, form, onSubmit, reset } = useFields(empty, ({ currentPassword, newPassword }) =>
    faultsOf({
      currentPassword: requiredFault(currentPassword, 'Enter your current password.'),
      newPassword: passwordFault(newPassword),
    }),
  );
  const change = useMutation({
    mutationFn: ({ currentPassword, newPassword }: typeof empty) => changePassword(currentPassword, newPassword),
    onSuccess: async () => {
      reset();
      notifications.show({ message: 'Your password is changed. All other sessions have ended.' });
      await queryClient.invalidateQueries({ queryKey: userSessionsQuery.queryKey });
    },
  });
  return (
    <form ref={form} noValidate onSubmit={onSubmit((filled) => change.mutate(filled))}>
      <Stack gap="md" maw={420}>
        {change.isError && <ProblemAlert error={change.error} />}
        {/* For password managers: whose password it is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={toggle}
          {...field('currentPassword')}
        />
        <PasswordInput
          label="New password"
          description={`At least ${minPasswordLength} characters.`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={toggle}
          {...field('newPassword')}
        />
        <Group>
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function NoPassword() {
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">You sign in through your identity provider and have no password here.</Text>
      <ButtonLink to="/forgot-password" variant="default">
        Choose a password
      </ButtonLink>
    </Stack>
  );
}
