import { Group } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconListSearch } from '@tabler/icons-react';
import { requestLogQuery, type RequestLogFilter } from '../../api/usage.js';
import { EmptyState } from '../../components/empty-state.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { hasFailed, isSettled, whileOnFirstPage } from '../../components/query-state.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { RequestTable } from '../../usage/request-table.js';
import { RequestSearch } from './request-search.js';

interface RequestLogProps {
  readonly filter: RequestLogFilter;
}

/** The newest requests, renewed by themselves until someone goes further back. */
export function RequestLog({ filter }: RequestLogProps) {
  const log = useInfiniteQuery({
    ...requestLogQuery(useOrganizationId(), filter),
    refetchInterval: whileOnFirstPage(2000),
  });
  const requests = log.data?.pages.flatMap((page) => page.requests);
  return (
    <Section title="Request log" flush actions={<RequestSearch />}>
      {hasFailed(log) && (
        <div style={{ padding: 16 }}>
          <ProblemAlert error={log.error} onRetry={() => void log.refetch()} />
        </div>
      )}
      {!isSettled(log) && <TableSkeleton rows={8} />}
      {requests?.length === 0 && <NothingFound filter={filter} />}
      {requests && requests.length > 0 && <RequestTable requests={requests} />}
      <ShowMore query={log} />
      {!log.hasNextPage && <Group h={12} />}
    </Section>
  );
}

function NothingFound({ filter }: RequestLogProps) {
  if (filter.requestId) {
    return (
      <EmptyState icon={IconListSearch} title="No request with this id">
        Only admitted requests are kept. One that was refused, for its key or a limit, has an id but no entry here.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconListSearch} title="No requests">
      Each call with one of your keys appears here within seconds.
    </EmptyState>
  );
}
