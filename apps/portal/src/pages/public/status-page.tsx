import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { statusQuery } from '../../api/status.js';
import { DateTime } from '../../components/date-time.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { CardsSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { Page } from '../../shell/page.js';
import { callsWords, stateLabels, statusTone, statusWords, usageWords } from '../../shell/status-words.js';

export function StatusPage(): ReactNode {
  const status = useQuery({ ...statusQuery, refetchInterval: 5_000 });
  return (
    <Page narrow>
      <PageHeader title="Status" description="How the APIs and their usage are right now." />
      <Loaded query={status} skeleton={<CardsSkeleton cards={2} height={110} />}>
        {(now) => (
          <Stack gap="lg">
            <Text role="status" fw={600} size="lg">
              <StatusBadge tone={statusTone(now)}>{statusWords(now)}</StatusBadge>
            </Text>
            <Section title="API calls" actions={<StateBadge state={now.calls} />}>
              <Text size="sm">{callsWords[now.calls]}</Text>
            </Section>
            <Section title="Usage and billing" actions={<StateBadge state={now.usage} />}>
              <Text size="sm">{usageWords[now.usage]}</Text>
            </Section>
            <Text size="sm" c="dimmed">
              As of <DateTime at={now.at} />
            </Text>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function StateBadge({ state }: { readonly state: keyof typeof stateLabels }) {
  return <StatusBadge tone={stateLabels[state].tone}>{stateLabels[state].label}</StatusBadge>;
}
