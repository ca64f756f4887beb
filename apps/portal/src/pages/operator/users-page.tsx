import { Button, Checkbox, Group, MultiSelect, Switch, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconUsers } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { sessionQuery } from '../../api/session.js';
import {
  type StaffRole,
  type User,
  publisherTeamsQuery,
  resetSecondFactor,
  setPublisherTeam,
  setStaffRole,
  usersQuery,
} from '../../api/users.js';
import { DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { ReasonButton } from '../../components/reason-button.js';
import { Section, sectionInset } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { capitalized } from '../../format/text.js';
import { Page } from '../../shell/page.js';
import { NewTeamDialog } from './new-team-dialog.js';

const TYPING_MS = 300;
const roles: readonly StaffRole[] = ['finance', 'operator', 'admin'];
const columns = [
  { label: 'Person' },
  { label: 'Roles' },
  { label: 'Publisher teams' },
  { label: 'Organizations' },
  { label: 'Second factor' },
] as const;

/** Who has signed up, and who of them does what for this installation. */
export function UsersPage(): ReactNode {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, TYPING_MS);
  const [isStaff, setIsStaff] = useState(false);
  const users = useInfiniteQuery({ ...usersQuery(search, isStaff), placeholderData: keepPreviousData });
  const { data: teams = [] } = useQuery(publisherTeamsQuery);
  const change = useRoleChange();
  const [isAdding, adding] = useDisclosure(false);
  return (
    <Page>
      <PageHeader
        title="Users and roles"
        description="Finance closes months, operators run the gateways, admins give these roles. Members of a publisher team work on its products."
        actions={
          <Button variant="default" onClick={adding.open}>
            New publisher team
          </Button>
        }
      />
      <Section title="Users" flush>
        <Group className={sectionInset} pb="md" gap="md">
          <TextInput
            aria-label="Search by name or address"
            placeholder="Name or address"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            maxLength={120}
          />
          <Switch
            label="Only with a role or a team"
            checked={isStaff}
            onChange={(event) => setIsStaff(event.currentTarget.checked)}
          />
        </Group>
        {change.isError && <ProblemAlert error={change.error} />}
        <Loaded query={users} skeleton={<TableSkeleton rows={6} />}>
          {({ pages }) => {
            const list = pages.flatMap((page) => page.users);
            if (list.length === 0)
              return (
                <EmptyState icon={IconUsers} title="Nobody fits">
                  People get roles after they have signed up.
                </EmptyState>
              );
            return (
              <DataTable caption="Users" columns={columns} minWidth={960}>
                {list.map((user) => (
                  <UserRow key={user.id} user={user} teams={teams} onChange={(act) => change.mutate(act)} />
                ))}
              </DataTable>
            );
          }}
        </Loaded>
        <ShowMore query={users} />
      </Section>
      <NewTeamDialog opened={isAdding} onClose={adding.close} />
    </Page>
  );
}

interface UserRowProps {
  readonly user: User;
  readonly teams: readonly { readonly slug: string; readonly name: string }[];
  readonly onChange: (act: () => Promise<unknown>) => void;
}

function UserRow({ user, teams, onChange }: UserRowProps) {
  const own = user.publisherTeams.map(({ slug }) => slug);
  const setTeams = (chosen: readonly string[]) => {
    const added = chosen.find((slug) => !own.includes(slug));
    const removed = own.find((slug) => !chosen.includes(slug));
    const slug = added ?? removed;
    if (slug !== undefined) onChange(() => setPublisherTeam(user.id, slug, added !== undefined));
  };
  return (
    <Table.Tr>
      <Table.Td>
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={500}>
            {user.name}
          </Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {user.email}
            {!user.isVerified && ' · not confirmed'}
          </Text>
        </div>
      </Table.Td>
      <Table.Td>
        <Group gap="sm">
          {roles.map((role) => (
            <Checkbox
              key={role}
              size="xs"
              label={capitalized(role)}
              aria-label={`${capitalized(role)}: ${user.email}`}
              checked={user.staffRoles.includes(role)}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                onChange(() => setStaffRole(user.id, role, checked));
              }}
            />
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <MultiSelect
          size="xs"
          miw={180}
          aria-label={`Publisher teams of ${user.email}`}
          placeholder={own.length === 0 ? 'None' : ''}
          data={teams.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={own}
          onChange={setTeams}
        />
      </Table.Td>
      <Table.Td>{user.organizations.map(({ name, role }) => `${name} (${role})`).join(', ') || 'None'}</Table.Td>
      <Table.Td>
        {user.hasTwoFactor ? (
          <ReasonButton
            label="Reset"
            name={`Reset the second factor of ${user.email}`}
            size="compact-sm"
            desk="operator"
            title={`Reset the second factor of ${user.name}`}
            reasonDescription="For the audit log: how you know that it is them who ask."
            action="Reset second factor"
            run={(reason) => resetSecondFactor(user.id, reason)}
          >
            {user.email} signs in with the password alone afterwards. All their sessions end, and a mail tells them.
          </ReasonButton>
        ) : (
          <Text size="sm" c="dimmed">
            None
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function useRoleChange() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['operator', 'users'] }),
        queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ]),
  });
}
