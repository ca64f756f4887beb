import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconDownload } from '@tabler/icons-react';
import { requestExport } from '../api/personal-data.js';
import type { UserProfile } from '../api/types.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { faultsOf, requiredFault } from '../pages/account/account-fields.js';
import { useFields } from '../pages/account/use-fields.js';
import { OwnPasswordInput } from '../user/own-password-input.js';

interface ExportSectionProps {
  readonly profile: UserProfile;
  /** Null for the person's own data. */
  readonly organizationId: string | null;
  readonly description: string;
}

/** All that is kept, in one file; asks for the password first. */
export function ExportSection({ profile, organizationId, description }: ExportSectionProps) {
  const { field, form, onSubmit, reset } = useFields({ exportPassword: '' }, ({ exportPassword }) =>
    faultsOf({
      exportPassword: profile.hasPassword ? requiredFault(exportPassword, 'Enter your password.') : undefined,
    }),
  );
  const load = useMutation({
    mutationFn: (password: string) => requestExport(organizationId, profile.hasPassword ? password : undefined),
    onSuccess: (url) => {
      reset();
      // An attachment: the page stays.
      window.location.assign(url);
    },
  });
  return (
    <Section title="Export" description={description}>
      <form ref={form} noValidate onSubmit={onSubmit(({ exportPassword }) => load.mutate(exportPassword))}>
        <Stack gap="md" maw={420}>
          {load.isError && <ProblemAlert error={load.error} />}
          <div role="status">
            {load.isSuccess && <Text size="sm">Your browser is saving the archive. You can go on meanwhile.</Text>}
          </div>
          {profile.hasPassword && <OwnPasswordInput {...field('exportPassword')} />}
          <Group>
            <Button type="submit" variant="default" leftSection={<IconDownload size={16} />} loading={load.isPending}>
              Export as ZIP
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
