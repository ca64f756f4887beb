import { Button, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { UserSession } from '../api/types.js';
import { endOtherSessions, endSession, userSessionsQuery } from '../api/user.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { DataTable } from '../components/data-table.js';
import { DateTime } from '../components/date-time.js';
import { Loaded } from '../components/loaded.js';
import { ShowMore } from '../components/show-more.js';
import { Section } from '../components/section.js';
import { TableSkeleton } from '../components/skeletons.js';
import { StatusBadge } from '../components/status-badge.js';

const columns = [
  { label: 'Device' },
  { label: 'Address' },
  { label: 'Last seen' },
  { label: 'Signed in' },
  { label: 'Actions', silent: true },
];

/** Where the person is signed in. */
export function SessionSection() {
  const sessions = useInfiniteQuery({ ...userSessionsQuery, refetchInterval: 30_000 });
  const [isEndingOthers, setEndingOthers] = useState(false);
  const end = useEnd((session: UserSession) => endSession(session.id));
  const endOthers = useEnd(
    async () => void (await endOtherSessions()),
    () => setEndingOthers(false),
  );
  const others = sessions.data?.filter(({ isCurrent }) => !isCurrent).length ?? 0;
  return (
    <Section
      title="Sessions"
      description="Where you are signed in. End what you do not know, and change your password then."
      flush
      actions={
        others > 0 && (
          <Button variant="default" size="sm" onClick={() => setEndingOthers(true)}>
            End all others
          </Button>
        )
      }
    >
      <Loaded query={sessions} skeleton={<TableSkeleton rows={2} />}>
        {(list) => (
          <DataTable caption="Sessions" columns={columns} minWidth={680}>
            {list.map((session) => (
              <Table.Tr key={session.id}>
                <Table.Td fw={500}>
                  <span>
                    {session.device} {session.isCurrent && <StatusBadge tone="positive">This one</StatusBadge>}
                  </span>
                </Table.Td>
                <Table.Td>{session.address ?? 'Unknown'}</Table.Td>
                <Table.Td>
                  <DateTime at={session.lastSeenAt} format="relative" />
                </Table.Td>
                <Table.Td>
                  <DateTime at={session.createdAt} />
                </Table.Td>
                <Table.Td ta="right">
                  {!session.isCurrent && (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      aria-label={`End the session of ${session.device}`}
                      loading={end.isPending && end.variables === session}
                      onClick={() => end.mutate(session)}
                    >
                      End
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        )}
      </Loaded>
      <ShowMore query={sessions} />
      <ConfirmDialog
        opened={isEndingOthers}
        title="End all other sessions?"
        action="End all others"
        isDangerous
        isPending={endOthers.isPending}
        error={endOthers.error}
        onConfirm={() => endOthers.mutate()}
        onClose={() => setEndingOthers(false)}
      >
        <Text size="sm">Every other browser has to sign in again. This one stays signed in.</Text>
      </ConfirmDialog>
    </Section>
  );
}

function useEnd<Input>(mutationFn: (input: Input) => Promise<unknown>, onEnded?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: userSessionsQuery.queryKey });
      notifications.show({ message: 'Signed out there.' });
      onEnded?.();
    },
  });
}
