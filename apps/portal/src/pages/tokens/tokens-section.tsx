import { Button, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import { type AccessToken, accessTokensQuery, revokeAccessToken } from '../../api/access-tokens.js';
import { settingsQuery } from '../../api/settings.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { StatusBadge } from '../../components/status-badge.js';
import { CreateTokenDialog } from './create-token-dialog.js';
import { scopeWords } from './scope-words.js';

const columns = [
  { label: 'Name' },
  { label: 'May' },
  { label: 'Last used' },
  { label: 'Ends' },
  { label: 'Revoke', align: 'right', silent: true },
] as const;

/** One’s own tokens for command line and CI. Stands by itself, on whatever page. */
export function TokensSection() {
  const queryClient = useQueryClient();
  const { data: settings } = useQuery(settingsQuery);
  const tokens = useInfiniteQuery(accessTokensQuery);
  const [creating, dialog] = useDisclosure(false);
  const [ending, setEnding] = useState<AccessToken | null>(null);
  const revoke = useMutation({
    mutationFn: revokeAccessToken,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: accessTokensQuery.queryKey }),
  });
  const create = <Button onClick={dialog.open}>Create token</Button>;
  const isEmpty = tokens.data?.pages[0]?.tokens.length === 0;
  return (
    <Section
      title="Personal access tokens"
      description="For the command line and CI. A token does what its scopes say, as far as you may yourself."
      actions={!isEmpty && create}
      flush
    >
      <Loaded query={tokens} skeleton={<TableSkeleton rows={2} />}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.tokens);
          if (list.length === 0)
            return (
              <EmptyState icon={IconTerminal2} title="No tokens yet" action={create}>
                Set one as TOLLGATE_TOKEN, and <code>tollgate api</code> calls this portal’s API.
              </EmptyState>
            );
          return (
            <DataTable caption="Personal access tokens" columns={columns}>
              {list.map((token) => (
                <Table.Tr key={token.id}>
                  <Table.Td>
                    <div style={{ minWidth: 0 }}>
                      <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
                        {token.name}
                      </Text>
                      <Text size="xs" c="dimmed" className="mono">
                        {token.display}
                      </Text>
                    </div>
                  </Table.Td>
                  <Table.Td>{token.scopes.map((scope) => scopeWords[scope].label).join(', ')}</Table.Td>
                  <Table.Td>{token.lastUsedAt ? <DateTime at={token.lastUsedAt} /> : 'Never'}</Table.Td>
                  <Table.Td>
                    {settings && token.expiresAt <= settings.now ? (
                      <StatusBadge tone="neutral">Expired</StatusBadge>
                    ) : (
                      <DateTime at={token.expiresAt} format="date" />
                    )}
                  </Table.Td>
                  <Table.Td ta="right">
                    <Button
                      variant="default"
                      size="compact-sm"
                      onClick={() => setEnding(token)}
                      aria-label={`Revoke ${token.name}`}
                    >
                      Revoke
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </DataTable>
          );
        }}
      </Loaded>
      <ShowMore query={tokens} />
      <CreateTokenDialog
        opened={creating}
        onClose={dialog.close}
        scopes={tokens.data?.pages[0]?.grantableScopes ?? []}
      />
      <ConfirmDialog
        opened={ending !== null}
        title="Revoke this token?"
        action="Revoke token"
        isDangerous
        isPending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => ending && revoke.mutate(ending.id, { onSuccess: () => setEnding(null) })}
        onClose={() => setEnding(null)}
      >
        <Text size="sm">What uses “{ending?.name}” is refused from its next call on.</Text>
      </ConfirmDialog>
    </Section>
  );
}
