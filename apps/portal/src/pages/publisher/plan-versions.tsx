import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { planVersionsQuery } from '../../api/publisher.js';
import type { PublisherPlanVersion } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { ButtonLink, TextLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { VersionCells, versionColumns } from './version-cells.js';

const columns = [{ label: 'Plan' }, ...versionColumns, { label: 'Actions', silent: true }] as const;

/** Every version of every plan, who is under it, and the way to change it. */
export function PlanVersions() {
  const versions = useQuery(planVersionsQuery);
  return (
    <Section
      title="Plan versions"
      description="A new price is a new version: edit a plan, see what it would cost whom, and publish it. Subscribers stay on theirs until you bring them over, with notice."
      flush
    >
      <Loaded query={versions} skeleton={<TableSkeleton rows={4} />}>
        {(list) => (
          <DataTable caption="Plan versions" columns={columns} minWidth={860}>
            {list.map((version, index) => (
              <Table.Tr key={version.id}>
                <Table.Td fw={500}>
                  <TextLink to="/publisher/plans/$planId" params={{ planId: version.plan.id }} fw={500} size="sm">
                    {version.product.title} {version.plan.title}
                  </TextLink>
                  {version.plan.visibility !== 'public' && (
                    <Text size="xs" c="dimmed">
                      {version.plan.visibility === 'invited' ? 'Only for those invited' : 'Private'}
                    </Text>
                  )}
                </Table.Td>
                <VersionCells version={version} />
                <Table.Td ta="right">{isFirstOfPlan(list, index) && <EditLink version={version} />}</Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        )}
      </Loaded>
    </Section>
  );
}

/** Versions of a plan stand together, the newest first. */
function isFirstOfPlan(list: readonly PublisherPlanVersion[], index: number): boolean {
  return list[index - 1]?.plan.id !== list[index]?.plan.id;
}

function EditLink({ version: { plan, product } }: { readonly version: PublisherPlanVersion }) {
  return (
    <ButtonLink
      to="/publisher/plans/$planId"
      params={{ planId: plan.id }}
      size="xs"
      variant="default"
      aria-label={`Edit plan ${product.title} ${plan.title}`}
    >
      Edit plan
    </ButtonLink>
  );
}
