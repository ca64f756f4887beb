import { Button, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { applicationsQuery } from '../../api/applications.js';
import { credentialsQuery } from '../../api/credentials.js';
import { usageBreakdownQuery, usedOperationsQuery } from '../../api/usage.js';
import { serverClock } from '../../clock/server-clock.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { isUsageRangeName, usageRanges } from '../../usage/series.js';
import { groupingWords, isUsageGrouping, usageGroupings } from '../../usage/usage-choices.js';
import classes from './usage-filters.module.css';
import { DaysFields, lastWeek } from './days-fields.js';
import { comparisonOf, rangeWords, useUsageSearch } from './use-usage-search.js';

const DAYS = 'days';
const ranges = [
  ...Object.entries(usageRanges).map(([value, { label }]) => ({ value, label })),
  { value: DAYS, label: 'Days' },
];
const groupings = Object.entries(usageGroupings).map(([value, label]) => ({
  value,
  label: `By ${groupingWords(label)}`,
}));
const statuses = [
  { value: '2', label: 'Succeeded (2xx)' },
  { value: '3', label: 'Redirects (3xx)' },
  { value: '4', label: 'Client errors (4xx)' },
  { value: '5', label: 'Server errors (5xx)' },
];
const lastMonth = { range: usageRanges['30d'], filter: {} };

/** What is shown: range, grouping, and which calls. Kept in the address so that a view can be shared. */
export function UsageFilters() {
  const { search, change } = useUsageSearch();
  const organizationId = useOrganizationId();
  const { data: applications = [] } = useQuery(applicationsQuery(organizationId));
  const { data: credentials } = useQuery({
    ...credentialsQuery(organizationId, search.application ?? ''),
    enabled: search.application !== undefined,
  });
  const { data: operations = [] } = useQuery(usedOperationsQuery(organizationId));
  const { data: products } = useQuery(usageBreakdownQuery(organizationId, { ...lastMonth, groupBy: 'product' }));
  const { data: keys } = useQuery(usageBreakdownQuery(organizationId, { ...lastMonth, groupBy: 'key' }));
  const keyChoices = credentials
    ? credentials.map(({ id, name, display }) => ({ value: id, label: `${name} (${display}…)` }))
    : choicesOf(keys?.groups ?? []);
  const operation = search.version && search.operation ? `${search.version}/${search.operation}` : null;
  const chosen = [search.application, search.key, search.product, search.operation, search.status, search.outcome];
  return (
    <div className={classes.filters}>
      <div className={classes.view}>
        <SegmentedControl
          aria-label="Time range"
          data={ranges}
          value={search.from ? DAYS : (search.range ?? '24h')}
          onChange={(range) => {
            if (isUsageRangeName(range)) change({ range, from: undefined, to: undefined });
            else change({ range: undefined, ...lastWeek(serverClock.now()) });
          }}
        />
        <Select
          aria-label="Group by"
          data={groupings}
          allowDeselect={false}
          value={search.group ?? 'status'}
          onChange={(group) => isUsageGrouping(group) && change({ group })}
        />
        <Select
          aria-label="Compare with"
          placeholder="Compare with…"
          clearable
          w={{ md: 280 }}
          data={[
            { value: 'before', label: `The ${rangeWords({ ...search, compare: true }).before}` },
            { value: 'month', label: 'The same time a month before' },
          ]}
          value={comparisonOf(search) ?? null}
          onChange={(value) => change({ compare: value === 'month' ? value : value === 'before' ? true : undefined })}
        />
        {search.from && search.to && <DaysFields from={search.from} to={search.to} onChange={(days) => change(days)} />}
      </div>
      <div className={classes.choices}>
        <Select
          aria-label="API product"
          placeholder="All API products"
          clearable
          data={withChosen(choicesOf(products?.groups ?? []), search.product)}
          value={search.product ?? null}
          onChange={(product) => change({ product: product ?? undefined })}
        />
        <Select
          aria-label="Operation"
          placeholder="All operations"
          clearable
          searchable
          nothingFoundMessage="Not called in the last 30 days"
          data={withChosen(
            operations.map(({ apiVersion, operation: name }) => ({
              value: `${apiVersion.id}/${name}`,
              label: `${name} (${apiVersion.api} ${apiVersion.name})`,
            })),
            operation,
            search.operation,
          )}
          value={operation}
          onChange={(value) =>
            change({
              version: value?.slice(0, value.indexOf('/')),
              operation: value?.slice(value.indexOf('/') + 1),
            })
          }
        />
        <Select
          aria-label="Application"
          placeholder="All applications"
          clearable
          data={applications.map(({ id, name }) => ({ value: id, label: name }))}
          value={search.application ?? null}
          onChange={(application) => change({ application: application ?? undefined, key: undefined })}
        />
        <Select
          aria-label="Key"
          placeholder="All keys"
          clearable
          data={withChosen(keyChoices, search.key)}
          value={search.key ?? null}
          onChange={(key) => change({ key: key ?? undefined })}
        />
        <Select
          aria-label="Status"
          placeholder="All statuses"
          clearable
          data={withChosen(statuses, search.status, `${search.status}xx`)}
          value={search.status ?? null}
          onChange={(status) => change({ status: status ?? undefined })}
        />
        {chosen.some((value) => value !== undefined) && (
          <Button
            variant="subtle"
            onClick={() =>
              change({
                application: undefined,
                key: undefined,
                product: undefined,
                version: undefined,
                operation: undefined,
                status: undefined,
                outcome: undefined,
              })
            }
          >
            Show all calls
          </Button>
        )}
      </div>
    </div>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

function choicesOf(groups: readonly { readonly id: string; readonly label: string }[]): Choice[] {
  return groups.map(({ id, label }) => ({ value: id, label }));
}

/** What an address asks for is among the choices, also when nothing of it was called lately. */
function withChosen(choices: readonly Choice[], chosen: string | null | undefined, label = chosen ?? ''): Choice[] {
  const isMissing = typeof chosen === 'string' && choices.every(({ value }) => value !== chosen);
  return isMissing ? [...choices, { value: chosen, label }] : [...choices];
}
