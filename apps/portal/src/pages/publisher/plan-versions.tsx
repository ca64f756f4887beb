import { Button, Group, NumberInput, Select, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { migrateSubscribers, planVersionEstimateQuery, planVersionsQuery } from '../../api/publisher.js';
import type { PublisherPlanVersion } from '../../api/types.js';
import { feeTermWords } from '../../catalog/plan-words.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { Dialog } from '../../components/dialog.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge, type Tone } from '../../components/status-badge.js';
import { formatAmount } from '../../format/money.js';
import { formatQuantity } from '../../format/number.js';

const columns = [
  { label: 'Plan' },
  { label: 'Version' },
  { label: 'State' },
  { label: 'Fixed fee' },
  { label: 'Subscriptions', align: 'right' },
  { label: 'Since' },
  { label: 'Actions' },
] as const;

const states: Readonly<Record<PublisherPlanVersion['state'], { readonly label: string; readonly tone: Tone }>> = {
  draft: { label: 'Draft', tone: 'warning' },
  published: { label: 'Published', tone: 'positive' },
  retired: { label: 'Retired', tone: 'neutral' },
};

/** Every version of every plan, who is under it, and what it costs. */
export function PlanVersions() {
  const versions = useQuery(planVersionsQuery);
  const [migrating, setMigrating] = useState<PublisherPlanVersion | null>(null);
  return (
    <>
      <Section
        title="Plan versions"
        description="A new price is a new version. Subscribers stay on theirs until you bring them over, with notice."
        flush
      >
        <Loaded query={versions} skeleton={<TableSkeleton rows={4} />}>
          {(list) => (
            <DataTable caption="Plan versions" columns={columns} minWidth={860}>
              {list.map((version) => (
                <Table.Tr key={version.id}>
                  <Table.Td fw={500}>
                    {version.product.title} {version.plan.title}
                    {version.plan.visibility !== 'public' && (
                      <Text size="xs" c="dimmed">
                        {version.plan.visibility === 'invited' ? 'Only for those invited' : 'Private'}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td className="tabular">{version.number}</Table.Td>
                  <Table.Td>
                    <StatusBadge tone={states[version.state].tone}>{states[version.state].label}</StatusBadge>
                  </Table.Td>
                  <Table.Td className="tabular">
                    {feeWords(version)}
                    {feeTermWords(version.definition).map((term) => (
                      <Text key={term} size="xs" c="dimmed">
                        {term}
                      </Text>
                    ))}
                  </Table.Td>
                  <Table.Td ta="right" className="tabular">
                    {version.subscriptionCount}
                  </Table.Td>
                  <Table.Td>
                    <DateTime at={version.publishedAt} format="date" />
                  </Table.Td>
                  <Table.Td>
                    {version.state === 'published' && hasOthers(list, version) && (
                      <Button size="xs" variant="default" onClick={() => setMigrating(version)}>
                        Bring subscribers over
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          )}
        </Loaded>
      </Section>
      {versions.data && versions.data.length > 0 && <PriceTable versions={versions.data} />}
      <Dialog opened={migrating !== null} onClose={() => setMigrating(null)} title="Bring subscribers over">
        {migrating && <MigrateForm version={migrating} onClose={() => setMigrating(null)} />}
      </Dialog>
    </>
  );
}

function feeWords({ definition: { fixedFee, currency, billingInterval } }: PublisherPlanVersion): string {
  return `${formatAmount(fixedFee, currency)} a ${billingInterval}`;
}

function hasOthers(list: readonly PublisherPlanVersion[], { id, plan, product }: PublisherPlanVersion): boolean {
  return list.some(
    (other) =>
      other.id !== id &&
      other.plan.slug === plan.slug &&
      other.product.slug === product.slug &&
      other.subscriptionCount > 0,
  );
}

interface MigrateFormProps {
  readonly version: PublisherPlanVersion;
  readonly onClose: () => void;
}

function MigrateForm({ version, onClose }: MigrateFormProps) {
  const queryClient = useQueryClient();
  const [noticeDays, setNoticeDays] = useState(30);
  const migrate = useMutation({
    mutationFn: () => migrateSubscribers(version.id, noticeDays),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['publisher'] }),
  });
  if (migrate.isSuccess) {
    const { migrated, skipped } = migrate.data;
    return (
      <Stack>
        <Text size="sm">
          {migrated === 1 ? '1 subscription changes' : `${migrated} subscriptions change`} with the end of its period.
          {skipped > 0 && ` ${skipped} in another currency stay as they are.`}
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        migrate.mutate();
      }}
    >
      <Stack>
        <Text size="sm">
          Subscribers of earlier versions of {version.product.title} {version.plan.title} come to version{' '}
          {version.number} with the end of the period that is under way when the notice has passed. They get a mail now.
        </Text>
        <NumberInput
          label="Notice, in days"
          min={0}
          max={365}
          allowDecimal={false}
          value={noticeDays}
          onChange={(value) => setNoticeDays(typeof value === 'number' ? value : 0)}
        />
        {migrate.isError && <ProblemAlert error={migrate.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave them
          </Button>
          <Button type="submit" loading={migrate.isPending}>
            Give notice
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Units of one meter, at which a plan version is priced. */
const quantities = ['0', '1000', '10000', '100000', '1000000'] as const;

/** What a month costs under a version at some amounts of usage, computed as invoices are. */
function PriceTable({ versions }: { readonly versions: readonly PublisherPlanVersion[] }) {
  const [chosenId, choose] = useState(versions[0]!.id);
  const version = versions.find(({ id }) => id === chosenId) ?? versions[0]!;
  const meters = version.definition.prices.map(({ meter }) => meter);
  const rows = quantities.map((quantity) => Object.fromEntries(meters.map((meter) => [meter, quantity])));
  const estimates = useQueries({ queries: rows.map((row) => planVersionEstimateQuery(version.id, row)) });
  return (
    <Section
      title="What it costs"
      description="A month before tax, computed as invoices are. Of several meters, each is used so much."
      actions={
        <Select
          aria-label="Plan version"
          value={version.id}
          onChange={(id) => id && choose(id)}
          allowDeselect={false}
          data={versions.map(({ id, product, plan, number, state }) => ({
            value: id,
            label: `${product.title} ${plan.title}, version ${number}${state === 'published' ? '' : ` (${state})`}`,
          }))}
          w={280}
        />
      }
      flush
    >
      <DataTable
        caption="Prices by usage"
        columns={[
          { label: 'Units of each meter' },
          { label: 'A month', align: 'right' },
          { label: 'Lines', align: 'right' },
        ]}
      >
        {quantities.map((quantity, index) => (
          <Table.Tr key={quantity}>
            <Table.Td className="tabular">{formatQuantity(quantity)}</Table.Td>
            <Table.Td ta="right" className="tabular" fw={500}>
              {estimates[index]?.data?.subtotal.formatted ?? (estimates[index]?.isError ? 'cannot be priced' : '…')}
            </Table.Td>
            <Table.Td ta="right" className="tabular">
              {estimates[index]?.data?.lines.map(({ amount }) => amount.formatted).join(' + ') ?? ''}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}
