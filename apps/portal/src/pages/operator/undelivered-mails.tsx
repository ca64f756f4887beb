import { Button, Group, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconMailCheck } from '@tabler/icons-react';
import { forgetMail, sendMailAgain, undeliveredMailsQuery } from '../../api/mails.js';
import type { UndeliveredMail } from '../../api/types.js';
import { DataTable } from '../../components/data-table.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { whileOnFirstPage } from '../../components/query-state.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { useDeskAction } from '../../components/use-desk-action.js';

const columns = [
  { label: 'Written' },
  { label: 'Mail' },
  { label: 'Why' },
  { label: 'What to do', align: 'right', silent: true },
] as const;

/** Mails that were given up, to be sent again once what was wrong is mended. */
export function UndeliveredMails() {
  const query = useInfiniteQuery({ ...undeliveredMailsQuery, refetchInterval: whileOnFirstPage(10_000) });
  const again = useDeskAction('operator', sendMailAgain, () => {});
  const forget = useDeskAction('operator', forgetMail, () => {});
  const mails = query.data?.pages.flatMap((page) => page.mails) ?? [];
  const error = again.error ?? forget.error;
  return (
    <Section
      title="Mails that were not delivered"
      description="Refused by the mail server, or tried in vain for four days. They are kept for ninety days."
      actions={
        mails.length > 1 && (
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate(null)}>
            Send all again
          </Button>
        )
      }
      flush
    >
      {error !== null && <ProblemAlert error={error} />}
      <Loaded query={query} skeleton={<TableSkeleton rows={2} />}>
        {() =>
          mails.length === 0 ? (
            <EmptyState icon={IconMailCheck} title="Every mail was delivered">
              A mail that the mail server refuses stands here with the reason.
            </EmptyState>
          ) : (
            <DataTable caption="Mails that were not delivered" columns={columns}>
              {mails.map((mail) => (
                <MailRow
                  key={mail.id}
                  mail={mail}
                  isPending={again.isPending || forget.isPending}
                  onAgain={() => again.mutate(mail.id)}
                  onForget={() => forget.mutate(mail.id)}
                />
              ))}
            </DataTable>
          )
        }
      </Loaded>
      <ShowMore query={query} />
    </Section>
  );
}

interface MailRowProps {
  readonly mail: UndeliveredMail;
  readonly isPending: boolean;
  readonly onAgain: () => void;
  readonly onForget: () => void;
}

function MailRow({ mail, isPending, onAgain, onForget }: MailRowProps) {
  const { to, subject, reason, writtenAt } = mail;
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <DateTime at={writtenAt} />
      </Table.Td>
      <Table.Td>
        <div>
          {subject}
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {to}
          </Text>
        </div>
      </Table.Td>
      <Table.Td>{reason}</Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Button
            variant="default"
            size="xs"
            disabled={isPending}
            onClick={onAgain}
            aria-label={`Send “${subject}” to ${to} again`}
          >
            Send again
          </Button>
          <Button
            variant="subtle"
            size="xs"
            disabled={isPending}
            onClick={onForget}
            aria-label={`Forget “${subject}” to ${to}`}
          >
            Forget
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
