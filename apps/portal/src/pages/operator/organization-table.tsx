import { Button, Group, Switch, Table, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { IconBuilding } from '@tabler/icons-react';
import { useState } from 'react';
import { organizationsQuery, restoreOrganization, suspendOrganization } from '../../api/operator.js';
import type { ListedOrganization } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { FindField } from '../../components/find-field.js';
import { Loaded } from '../../components/loaded.js';
import { ReasonButton } from '../../components/reason-button.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { useDeskAction } from '../../components/use-desk-action.js';

const columns = [
  { label: 'Organization' },
  { label: 'Calls' },
  { label: 'Since' },
  { label: 'Suspend or restore', align: 'right', silent: true },
] as const;

/** Who calls through the gateways, with a way to have all their calls refused. */
export function OrganizationTable() {
  const [search, setSearch] = useState('');
  const [isSuspended, setIsSuspended] = useState(false);
  const query = useInfiniteQuery({ ...organizationsQuery(search, isSuspended), placeholderData: keepPreviousData });
  return (
    <Section
      title="Organizations"
      description="All calls of one that is suspended are refused."
      actions={
        <Group gap="sm">
          <FindField
            isCompact
            label="Find an organization by name or id"
            placeholder="Name or id"
            onFind={(typed) => setSearch(typed.trim())}
          />
          <Switch
            size="xs"
            label="Suspended"
            checked={isSuspended}
            onChange={(event) => setIsSuspended(event.currentTarget.checked)}
          />
        </Group>
      }
      flush
    >
      <Loaded query={query} skeleton={<TableSkeleton rows={4} />}>
        {({ pages }) => {
          const list = pages.flatMap(({ organizations }) => organizations);
          if (list.length === 0) {
            return (
              <EmptyState icon={IconBuilding} title="No such organization">
                {isSuspended ? 'None that fits is suspended.' : 'An organization is made when somebody signs up.'}
              </EmptyState>
            );
          }
          return (
            <DataTable caption="Organizations" columns={columns}>
              {list.map((organization) => (
                <OrganizationRow key={organization.id} organization={organization} />
              ))}
            </DataTable>
          );
        }}
      </Loaded>
      <ShowMore query={query} />
    </Section>
  );
}

function OrganizationRow({ organization }: { readonly organization: ListedOrganization }) {
  const { id, name, createdAt, suspendedAt } = organization;
  return (
    <Table.Tr>
      <Table.Td>
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={500}>
            {name}
          </Text>
          <Text size="xs" c="dimmed" className="mono" style={{ overflowWrap: 'anywhere' }}>
            {id}
          </Text>
        </div>
      </Table.Td>
      <Table.Td>
        <StatusBadge tone={suspendedAt ? 'danger' : 'positive'}>{suspendedAt ? 'Suspended' : 'Pass'}</StatusBadge>
      </Table.Td>
      <Table.Td>
        <DateTime at={suspendedAt ?? createdAt} format="date" />
      </Table.Td>
      <Table.Td ta="right">
        {suspendedAt ? (
          <Restore organization={organization} />
        ) : (
          <ReasonButton
            label="Suspend"
            name={`Suspend ${name}`}
            size="xs"
            desk="operator"
            title={`Suspend ${name}?`}
            reasonDescription="For the audit log, which the organization reads too."
            action="Suspend"
            run={(reason) => suspendOrganization(id, reason)}
          >
            The gateways refuse the calls of all its applications with 403 within a second, and end open streams. Keys
            and subscriptions stay, fixed fees too. Its dashboard says so on every page.
          </ReasonButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Restore({ organization: { id, name } }: { readonly organization: ListedOrganization }) {
  const [isAsking, setAsking] = useState(false);
  const restore = useDeskAction(
    'operator',
    () => restoreOrganization(id),
    () => setAsking(false),
  );
  return (
    <>
      <Button size="xs" aria-label={`Restore ${name}`} onClick={() => setAsking(true)}>
        Restore
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Restore ${name}?`}
        action="Restore"
        isPending={restore.isPending}
        error={restore.error}
        onConfirm={() => restore.mutate()}
      >
        Its calls pass again within a second, with the same keys, where nothing else hinders them.
      </ConfirmDialog>
    </>
  );
}
