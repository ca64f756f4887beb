import { Group, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconListSearch } from '@tabler/icons-react';
import { requestLogHref, requestLogQuery, type RequestLogFilter } from '../../api/usage.js';
import { DownloadButton } from '../../components/download-button.js';
import { EmptyState } from '../../components/empty-state.js';
import { ProblemAlert } from '../../components/problem-alert.js';
import { hasFailed, isSettled, whileOnFirstPage } from '../../components/query-state.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { RequestTable } from '../../usage/request-table.js';
import type { ShownRange } from '../../usage/usage-span.js';
import { isUsageOutcome, usageOutcomes } from '../../usage/usage-choices.js';
import { RequestSearch } from './request-search.js';
import classes from './request-log.module.css';
import { useUsageSearch } from './use-usage-search.js';

const outcomeChoices = Object.entries(usageOutcomes).map(([value, label]) => ({ value, label }));

interface RequestLogProps {
  /** Where no single request is asked for. */
  readonly range: ShownRange;
  readonly filter: RequestLogFilter;
}

/** The newest requests, renewed by themselves until someone goes further back. */
export function RequestLog({ range, filter }: RequestLogProps) {
  const { search, change } = useUsageSearch();
  const organizationId = useOrganizationId();
  const { requestId: _searched, ...exported } = filter;
  const log = useInfiniteQuery({
    ...requestLogQuery(organizationId, range, filter),
    refetchInterval: whileOnFirstPage(2000),
  });
  const requests = log.data?.pages.flatMap((page) => page.requests);
  return (
    <Section
      title="Request log"
      flush
      actions={
        <div className={classes.actions}>
          <Select
            aria-label="Outcome"
            placeholder="All outcomes"
            clearable
            data={outcomeChoices}
            value={search.outcome ?? null}
            onChange={(outcome) =>
              change({ outcome: outcome !== null && isUsageOutcome(outcome) ? outcome : undefined })
            }
          />
          <RequestSearch />
          <DownloadButton href={requestLogHref(organizationId, range, exported)} label="Export CSV of the request log">
            Export CSV
          </DownloadButton>
        </div>
      }
    >
      {hasFailed(log) && (
        <div style={{ padding: 16 }}>
          <ProblemAlert error={log.error} onRetry={() => void log.refetch()} />
        </div>
      )}
      {!isSettled(log) && <TableSkeleton rows={8} />}
      {requests?.length === 0 && <NothingFound filter={filter} hasMore={log.hasNextPage} />}
      {requests && requests.length > 0 && <RequestTable requests={requests} />}
      <ShowMore query={log} />
      {!log.hasNextPage && <Group h={12} />}
    </Section>
  );
}

function NothingFound({ filter, hasMore }: Pick<RequestLogProps, 'filter'> & { readonly hasMore: boolean }) {
  if (hasMore) {
    return (
      <EmptyState icon={IconListSearch} title="None among the latest calls">
        Nothing matched so far. “Show more” looks further back.
      </EmptyState>
    );
  }
  if (filter.requestId) {
    return (
      <EmptyState icon={IconListSearch} title="No request with this id">
        Only admitted requests are kept. One that was refused, for its key or a limit, has an id but no entry here.
      </EmptyState>
    );
  }
  if (Object.keys(filter).length > 0) {
    return (
      <EmptyState icon={IconListSearch} title="No request matches">
        No call of this time has everything that is chosen above.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconListSearch} title="No requests in this time">
      Choose a longer time above to see older ones. Each call with one of your keys appears here within seconds.
    </EmptyState>
  );
}
