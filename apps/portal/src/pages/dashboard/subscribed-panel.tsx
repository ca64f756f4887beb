import { Button, Group, Stack, Text, ThemeIcon } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconCheck } from '@tabler/icons-react';
import { applicationQuery } from '../../api/applications.js';
import type { Subscription } from '../../api/types.js';
import { ButtonLink } from '../../components/links.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CreateKeyDialog } from '../../credentials/create-key-dialog.js';
import { formatPeriod } from '../../format/date.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { usePageStart } from '../../shell/use-page-start.js';

/** After subscribing: what was agreed, and the next step. */
export function SubscribedPanel({ subscription }: { readonly subscription: Subscription }) {
  const { application, product, plan, currentPeriod } = subscription;
  const { data: loaded } = useQuery(applicationQuery(useOrganizationId(), application.id));
  usePageStart();
  const [issuing, dialog] = useDisclosure(false);
  return (
    <>
      <PageHeader title="You are subscribed" />
      <Section title={`${product.title} ${plan.title}`} description={`For ${application.name}`}>
        <Stack gap="lg">
          <Group gap="sm" wrap="nowrap" role="status">
            <ThemeIcon color="green" variant="light" radius="xl" aria-hidden>
              <IconCheck size={16} />
            </ThemeIcon>
            <Text size="sm">
              The plan is active now. The first period is{' '}
              {formatPeriod(new Date(currentPeriod.start), new Date(currentPeriod.end))} (UTC).
            </Text>
          </Group>
          <Group>
            <Button onClick={dialog.open} disabled={!loaded}>
              Create key
            </Button>
            <ButtonLink
              to="/dashboard/applications/$applicationId"
              params={{ applicationId: application.id }}
              variant="default"
            >
              Open {application.name}
            </ButtonLink>
          </Group>
        </Stack>
      </Section>
      {loaded && <CreateKeyDialog application={loaded} opened={issuing} onClose={dialog.close} />}
    </>
  );
}
