import { Button, Group, Table } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconMail } from '@tabler/icons-react';
import { settingsQuery } from '../../api/settings.js';
import { invitationsQuery, resendInvitation, withdrawInvitation } from '../../api/team.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { useOrganization } from '../../organization/organization-context.js';
import { roleWords } from './role-words.js';

const columns = [
  { label: 'Address' },
  { label: 'Role' },
  { label: 'Sent' },
  { label: 'Works until' },
  { label: 'Actions', align: 'right', silent: true },
] as const;

/** Who was asked to join and has not come yet. */
export function InvitationsSection() {
  const { organization, assignableRoles } = useOrganization().current;
  const { data: settings } = useQuery(settingsQuery);
  const invitations = useInfiniteQuery(invitationsQuery(organization.id));
  const resend = useInvitationChange(resendInvitation);
  const withdraw = useInvitationChange(withdrawInvitation);
  const failed = [resend, withdraw].find(({ isError }) => isError);
  const now = settings?.now ?? '';
  return (
    <Section title="Open invitations" flush>
      {failed && <ProblemAlert error={failed.error} />}
      <Loaded query={invitations} skeleton={<TableSkeleton rows={1} />}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.invitations);
          if (list.length === 0)
            return (
              <EmptyState icon={IconMail} title="Nobody is invited">
                Whom you invite stands here until they have joined.
              </EmptyState>
            );
          return (
            <DataTable caption="Open invitations" columns={columns}>
              {list.map(({ id, email, role, sentAt, expiresAt }) => (
                <Table.Tr key={id}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{email}</Table.Td>
                  <Table.Td>{roleWords[role].label}</Table.Td>
                  <Table.Td>
                    <DateTime at={sentAt} />
                  </Table.Td>
                  <Table.Td>
                    {expiresAt <= now ? <StatusBadge tone="warning">Expired</StatusBadge> : <DateTime at={expiresAt} />}
                  </Table.Td>
                  <Table.Td>
                    {assignableRoles.includes(role) && (
                      <Group justify="flex-end" gap="xs" wrap="nowrap">
                        <Button
                          variant="default"
                          size="xs"
                          loading={resend.isPending && resend.variables === id}
                          onClick={() => resend.mutate(id)}
                          aria-label={`Send again the invitation of ${email}`}
                        >
                          Send again
                        </Button>
                        <Button
                          variant="default"
                          size="xs"
                          loading={withdraw.isPending && withdraw.variables === id}
                          onClick={() => withdraw.mutate(id)}
                          aria-label={`Withdraw the invitation of ${email}`}
                        >
                          Withdraw
                        </Button>
                      </Group>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          );
        }}
      </Loaded>
      <ShowMore query={invitations} />
    </Section>
  );
}

function useInvitationChange<Answer>(act: (organizationId: string, invitationId: string) => Promise<Answer>) {
  const { organization } = useOrganization().current;
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (invitationId: string) => act(organization.id, invitationId),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['organization', organization.id, 'invitations'] }),
  });
}
