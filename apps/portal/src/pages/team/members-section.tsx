import { Button, Group, Select, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionQuery } from '../../api/session.js';
import { type MemberRole, changeMemberRole, membersQuery, removeMember } from '../../api/team.js';
import type { Member } from '../../api/types.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { mayManage } from '../../organization/membership.js';
import { useOrganization } from '../../organization/organization-context.js';
import { InviteDialog } from './invite-dialog.js';
import { roleChoices, roleWords } from './role-words.js';

const columns = [
  { label: 'Name' },
  { label: 'Role' },
  { label: 'Joined' },
  { label: 'Remove', align: 'right', silent: true },
] as const;

export function MembersSection() {
  const { organization, permissions, assignableRoles } = useOrganization().current;
  const { data: session } = useQuery(sessionQuery);
  const members = useInfiniteQuery(membersQuery(organization.id));
  const [inviting, dialog] = useDisclosure(false);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const change = useMemberChange(({ member, role }: { member: Member; role: MemberRole }) =>
    changeMemberRole(organization.id, member, role),
  );
  const remove = useMemberChange((userId: string) => removeMember(organization.id, userId));
  return (
    <Section
      title="Members"
      actions={mayManage(permissions).members && <Button onClick={dialog.open}>Invite somebody</Button>}
      flush
    >
      {change.isError && <ProblemAlert error={change.error} />}
      <Loaded query={members} skeleton={<TableSkeleton rows={2} />}>
        {({ pages }) => (
          <DataTable caption="Members" columns={columns} minWidth={560}>
            {pages
              .flatMap((page) => page.members)
              .map((member) => (
                <MemberRow
                  key={member.userId}
                  member={member}
                  isOneself={member.userId === session?.user?.id}
                  roles={assignableRoles}
                  isPending={change.isPending}
                  onRole={(role) => change.mutate({ member, role })}
                  onRemove={() => setLeaving(member)}
                />
              ))}
          </DataTable>
        )}
      </Loaded>
      <ShowMore query={members} />
      <InviteDialog opened={inviting} onClose={dialog.close} />
      <ConfirmDialog
        opened={leaving !== null}
        title="Remove this member?"
        action="Remove member"
        isDangerous
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => leaving && remove.mutate(leaving.userId, { onSuccess: () => setLeaving(null) })}
        onClose={() => {
          remove.reset();
          setLeaving(null);
        }}
      >
        <Text size="sm">
          {leaving?.name} ({leaving?.email}) loses access to {organization.name} at once. Their account and the keys
          that they made stay.
        </Text>
      </ConfirmDialog>
    </Section>
  );
}

interface MemberRowProps {
  readonly member: Member;
  readonly isOneself: boolean;
  /** The roles that the viewer may give. */
  readonly roles: readonly MemberRole[];
  readonly isPending: boolean;
  readonly onRole: (role: MemberRole) => void;
  readonly onRemove: () => void;
}

function MemberRow({ member, isOneself, roles, isPending, onRole, onRemove }: MemberRowProps) {
  const isTouchable = roles.includes(member.role);
  return (
    <Table.Tr>
      <Table.Td>
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={500}>
            {member.name}{' '}
            {isOneself && (
              <Text span inherit c="dimmed" fw={400}>
                (you)
              </Text>
            )}
          </Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {member.email}
          </Text>
        </div>
      </Table.Td>
      <Table.Td>
        {isTouchable ? (
          <Select
            size="xs"
            w={130}
            aria-label={`Role of ${member.name}`}
            data={roleChoices(roles)}
            value={member.role}
            allowDeselect={false}
            disabled={isPending}
            onChange={(role) => role && role !== member.role && onRole(role)}
          />
        ) : (
          roleWords[member.role].label
        )}
      </Table.Td>
      <Table.Td>
        <DateTime at={member.joinedAt} format="date" />
      </Table.Td>
      <Table.Td>
        <Group justify="flex-end">
          {isTouchable && !isOneself && (
            <Button variant="default" size="xs" onClick={onRemove} aria-label={`Remove ${member.name}`}>
              Remove
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** After it, all of the organization is read again, and the session too: the member may be the viewer. */
function useMemberChange<Input, Answer>(act: (input: Input) => Promise<Answer>) {
  const { organization } = useOrganization().current;
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['organization', organization.id] }),
        queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ]),
  });
}
