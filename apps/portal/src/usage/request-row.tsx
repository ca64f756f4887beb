import { ActionIcon, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { useId } from 'react';
import type { UsageRequest } from '../api/types.js';
import { DateTime } from '../components/date-time.js';
import { StatusBadge } from '../components/status-badge.js';
import { RequestFacts } from './request-facts.js';
import classes from './request-row.module.css';
import { durationWords, streamWords, toneOfStatus } from './request-words.js';
import { StreamRows } from './stream-rows.js';

interface RequestRowProps {
  readonly request: UsageRequest;
  readonly span: number;
}

export function RequestRow({ request, span }: RequestRowProps) {
  const [opened, { toggle }] = useDisclosure(false);
  const factsId = useId();
  return (
    <>
      <Table.Tr className={classes.row} onClick={toggle} data-opened={opened || undefined}>
        <Table.Td>
          <StatusBadge tone={toneOfStatus(request.status)}>{request.status}</StatusBadge>
        </Table.Td>
        <Table.Td className={classes.operation}>
          <span className="mono">{request.method}</span> {request.operation}
          <Text span size="sm" c="dimmed" ml={8}>
            {request.apiVersion.api} {request.apiVersion.name}
            {request.rowCount > 1 && ` · ${streamWords(request)}`}
          </Text>
        </Table.Td>
        <Table.Td>
          <span className="mono">{request.credentialDisplay}</span>
        </Table.Td>
        <Table.Td ta="right" className="tabular">
          {durationWords(request.durationMs)}
        </Table.Td>
        <Table.Td>
          {request.billable ? (
            'Yes'
          ) : (
            <Text span inherit c="dimmed">
              No
            </Text>
          )}
        </Table.Td>
        <Table.Td ta="right" className={classes.time}>
          <DateTime at={request.admittedAt} format="relative" />
        </Table.Td>
        <Table.Td ta="right" className={classes.toggle}>
          <ActionIcon
            aria-label={`Details of request ${request.requestId}`}
            aria-expanded={opened}
            aria-controls={factsId}
            onClick={(event) => {
              event.stopPropagation();
              toggle();
            }}
          >
            <IconChevronDown size={16} className={classes.chevron} />
          </ActionIcon>
        </Table.Td>
      </Table.Tr>
      {opened && (
        <Table.Tr className={classes.facts} id={factsId}>
          <Table.Td colSpan={span}>
            <RequestFacts request={request} />
            {request.rowCount > 1 && <StreamRows requestId={request.requestId} />}
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}
