import { SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { applicationsQuery } from '../../api/applications.js';
import { credentialsQuery } from '../../api/credentials.js';
import { useOrganizationId } from '../../organization/organization-context.js';
import { isUsageRangeName, usageRanges } from '../../usage/series.js';
import classes from './usage-filters.module.css';

const route = getRouteApi('/dashboard/usage');
const ranges = Object.entries(usageRanges).map(([value, { label }]) => ({ value, label }));

/** Range, application and key; kept in the address so that a view can be shared. */
export function UsageFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const organizationId = useOrganizationId();
  const { data: applications = [] } = useQuery(applicationsQuery(organizationId));
  const { data: credentials = [] } = useQuery({
    ...credentialsQuery(organizationId, search.application ?? ''),
    enabled: search.application !== undefined,
  });
  const change = (changes: Partial<Record<'range' | 'application' | 'key', string | undefined>>) => {
    const { range, application, key } = { ...search, ...changes };
    void navigate({
      to: '/dashboard/usage',
      replace: true,
      resetScroll: false,
      search: {
        ...(isUsageRangeName(range) ? { range } : {}),
        ...(application ? { application } : {}),
        ...(key ? { key } : {}),
        ...(search.request ? { request: search.request } : {}),
      },
    });
  };
  return (
    <div className={classes.filters}>
      <SegmentedControl
        aria-label="Time range"
        data={ranges}
        value={search.range ?? '24h'}
        onChange={(range) => change({ range })}
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
        placeholder={search.application ? 'All keys' : 'All keys (choose an application)'}
        clearable
        disabled={!search.application}
        data={credentials.map(({ id, name, display }) => ({ value: id, label: `${name} (${display}…)` }))}
        value={search.key ?? null}
        onChange={(key) => change({ key: key ?? undefined })}
      />
    </div>
  );
}
