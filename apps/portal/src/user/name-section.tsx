import { Button, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { faultsByField } from '../api/problem.js';
import { sessionKey } from '../api/session.js';
import type { UserProfile } from '../api/types.js';
import { renameUser, userKey } from '../api/user.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { faultsOf, hasFaults, requiredFault } from '../pages/account/account-fields.js';
import { useFields } from '../pages/account/use-fields.js';

export function NameSection({ profile }: { readonly profile: UserProfile }) {
  const queryClient = useQueryClient();
  const rename = useMutation({
    mutationFn: ({ name }: { name: string }) => renameUser(name.trim()),
    onSuccess: async (renamed) => {
      queryClient.setQueryData(userKey, renamed);
      await queryClient.invalidateQueries({ queryKey: sessionKey });
      notifications.show({ message: 'Your name is saved.' });
    },
  });
  const serverFaults = faultsByField(rename.error);
  const { values, field, form, onSubmit } = useFields(
    { name: profile.name },
    ({ name }) => faultsOf({ name: requiredFault(name, 'Enter your name.') }),
    serverFaults,
  );
  return (
    <Section title="Name" description="Shown to the people of your organizations.">
      <form ref={form} noValidate onSubmit={onSubmit((filled) => rename.mutate(filled))}>
        <Stack gap="md" maw={420}>
          {rename.isError && !hasFaults(serverFaults) && <ProblemAlert error={rename.error} />}
          <TextInput label="Your name" autoComplete="name" required withAsterisk={false} {...field('name')} />
          <Group>
            <Button type="submit" loading={rename.isPending} disabled={values.name.trim() === profile.name}>
              Save name
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
