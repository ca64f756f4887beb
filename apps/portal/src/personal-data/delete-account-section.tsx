import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { deleteAccount, personDeletionQuery } from '../api/personal-data.js';
import { beginSessionAnew, forgetPersonalData } from '../api/session.js';
import type { PersonDeletion, UserProfile } from '../api/types.js';
import { Loaded } from '../components/loaded.js';
import { Section } from '../components/section.js';
import { TableSkeleton } from '../components/skeletons.js';
import { DeleteDialog } from './delete-dialog.js';
import { HindranceList } from './hindrance-list.js';

export function DeleteAccountSection({ profile }: { readonly profile: UserProfile }) {
  const deletion = useQuery(personDeletionQuery);
  return (
    <Section title="Delete account" description="For good: nobody can bring it back.">
      <Loaded query={deletion} skeleton={<TableSkeleton rows={2} />}>
        {(preview) => <DeleteAccount profile={profile} preview={preview} />}
      </Loaded>
    </Section>
  );
}

function DeleteAccount({ profile, preview }: { readonly profile: UserProfile; readonly preview: PersonDeletion }) {
  const [opened, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const router = useRouter();
  const leave = async () => {
    dialog.close();
    await router.navigate({ to: '/' });
    await beginSessionAnew(queryClient);
    forgetPersonalData(queryClient);
    notifications.show({ message: 'Your account is deleted.', autoClose: 10_000 });
  };
  const isHindered = preview.hindrances.length > 0;
  return (
    <Stack gap="md">
      <Consequences preview={preview} />
      {isHindered && <HindranceList hindrances={preview.hindrances} />}
      <Group>
        <Button color="red" variant="outline" disabled={isHindered} onClick={dialog.open}>
          Delete my account
        </Button>
      </Group>
      <DeleteDialog
        opened={opened}
        onClose={dialog.close}
        title="Delete your account?"
        confirmation={{ text: profile.email, label: 'e-mail address of your account' }}
        profile={profile}
        onDelete={deleteAccount}
        onDeleted={leave}
      >
        <Text size="sm">You are signed out everywhere at once. This cannot be undone.</Text>
      </DeleteDialog>
    </Stack>
  );
}

/** What becomes of what, in plain words. */
function Consequences({ preview: { deleted, left } }: { readonly preview: PersonDeletion }) {
  const names = (organizations: PersonDeletion['deleted']) => organizations.map(({ name }) => name).join(', ');
  return (
    <List size="sm" spacing={6}>
      <List.Item>Your sessions, tokens and two-factor authentication end at once.</List.Item>
      {deleted.length > 0 && (
        <List.Item>
          Deleted along, as nobody else belongs to {deleted.length === 1 ? 'it' : 'them'}:{' '}
          <strong>{names(deleted)}</strong>. Their keys stop working within a second.
        </List.Item>
      )}
      {left.length > 0 && (
        <List.Item>
          Going on without you: <strong>{names(left)}</strong>.
        </List.Item>
      )}
      <List.Item>
        Issued invoices are kept as they are, as the law asks. Elsewhere a pseudonym stands for your name and address.
      </List.Item>
    </List>
  );
}
