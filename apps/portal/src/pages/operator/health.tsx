import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCircleCheck } from '@tabler/icons-react';
import { healthQuery } from '../../api/operator.js';
import type { InstallationHealth } from '../../api/types.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import classes from './health.module.css';

type Finding = InstallationHealth['findings'][number];

/** What is wrong with the installation, or that nothing is. */
export function Health() {
  const health = useQuery({ ...healthQuery, refetchInterval: 5_000 });
  return (
    <Section title="Health" description="What the alerts say, as far as the database knows it." flush>
      <Loaded query={health} skeleton={<TableSkeleton rows={2} />}>
        {({ findings, softwareVersion }) =>
          findings.length === 0 ? (
            <Group className={classes.well} gap="sm" wrap="nowrap">
              <IconCircleCheck size={22} aria-hidden />
              <Text size="sm">All is well. The control plane is of version {softwareVersion}.</Text>
            </Group>
          ) : (
            <ul className={classes.list} aria-label="What is wrong">
              {findings.map((finding) => (
                <FindingRow key={finding.title} finding={finding} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

function FindingRow({ finding: { severity, title, detail, alert } }: { readonly finding: Finding }) {
  return (
    <li className={classes.row}>
      <StatusBadge tone={severity === 'critical' ? 'danger' : 'warning'}>
        {severity === 'critical' ? 'Critical' : 'Warning'}
      </StatusBadge>
      <Stack gap={2} miw={0}>
        <Text fw={500}>{title}</Text>
        <Text size="sm" c="dimmed">
          {detail}
        </Text>
        {alert !== null && (
          <Text size="xs" c="dimmed">
            Runbook: <span className="mono">{alert}</span>
          </Text>
        )}
      </Stack>
    </li>
  );
}
