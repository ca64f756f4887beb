import { ActionIcon, Button, Group, NumberInput, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { PlanTerms } from '../api/types.js';
import type { TermsProps } from './fee-fields.js';
import { TextField, WholeField, useFault } from './field-faults.js';
import { FormGroup } from './form-group.js';
import classes from './plan-editor.module.css';
import { changedAt, freeName, withOptional } from './plan-terms.js';
import { QuotaRow } from './quota-row.js';

type RateLimit = PlanTerms['rateLimits'][number];
type WithoutStore = NonNullable<PlanTerms['withoutStore']>;

/** Long limits, of a month of the subscription. */
export function QuotaFields({ terms, meters, onChange }: TermsProps) {
  const { quotas } = terms;
  const first = meters.find(({ aggregation }) => aggregation === 'sum');
  const add = () =>
    first &&
    onChange({
      ...terms,
      quotas: [...quotas, { name: freeName(terms, 'monthly'), meter: first.slug, limit: 1000, enforcement: 'hard' }],
    });
  return (
    <FormGroup
      title="Quotas"
      description="What a month allows of a meter. A hard quota refuses beyond it, a soft one only tells."
      actions={<AddButton onClick={add}>Add quota</AddButton>}
    >
      <Stack gap="md">
        {quotas.map((quota, index) => (
          <QuotaRow
            key={index}
            path={`quotas.${index}`}
            title="Quota"
            quota={quota}
            meters={meters}
            onChange={(next) => onChange({ ...terms, quotas: changedAt(quotas, index, next) })}
          />
        ))}
        {quotas.length === 0 && <None>No quota: a month allows any number.</None>}
      </Stack>
    </FormGroup>
  );
}

/** Short limits, of calls in seconds. */
export function RateLimitFields({ terms, onChange }: Omit<TermsProps, 'meters'>) {
  const { rateLimits, concurrency } = terms;
  const change = (index: number, next: RateLimit | null) =>
    onChange({ ...terms, rateLimits: changedAt(rateLimits, index, next) });
  const add = () =>
    onChange({
      ...terms,
      rateLimits: [...rateLimits, { name: freeName(terms, 'per-minute'), limit: 60, windowSeconds: 60 }],
    });
  const fault = useFault('concurrency.limit');
  const withoutStoreFault = useFault('withoutStore');
  const { concurrency: _concurrency, ...unlimited } = terms;
  return (
    <FormGroup
      title="Rate limits"
      description="Calls that may come in a short time; refused with 429 beyond it."
      actions={<AddButton onClick={add}>Add rate limit</AddButton>}
    >
      <Stack gap="md">
        {rateLimits.map((limit, index) => (
          <RateLimitRow
            key={index}
            path={`rateLimits.${index}`}
            limit={limit}
            onChange={(next) => change(index, next)}
          />
        ))}
        {rateLimits.length === 0 && <None>No rate limit.</None>}
        <NumberInput
          label="Calls under way at the same time"
          placeholder="Any number"
          maw={260}
          error={fault}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          value={concurrency?.limit ?? ''}
          onChange={(value) =>
            onChange(
              typeof value === 'number' ? { ...terms, concurrency: { ...concurrency, limit: value } } : unlimited,
            )
          }
        />
        {rateLimits.some(({ policy }) => policy !== 'local') && (
          <Select
            label="While the shared counters cannot be reached"
            description="Of rate limits that all gateways count together."
            maw={320}
            allowDeselect={false}
            value={terms.withoutStore ?? 'local'}
            error={withoutStoreFault}
            data={withoutStoreChoices}
            onChange={(value) =>
              onChange(withOptional(terms, 'withoutStore', value === 'local' ? undefined : (value as WithoutStore)))
            }
          />
        )}
      </Stack>
    </FormGroup>
  );
}

interface RateLimitRowProps {
  readonly path: string;
  readonly limit: RateLimit;
  readonly onChange: (limit: RateLimit | null) => void;
}

/** Whose calls share a counter. */
const limitScopes = [
  { value: 'subscription', label: 'Subscription' },
  { value: 'organization', label: 'Organization' },
  { value: 'application', label: 'Application' },
  { value: 'key', label: 'Key' },
  { value: 'ip', label: 'Address' },
  { value: 'header', label: 'Header value' },
];

/** Who counts. */
const limitPolicies = [
  { value: 'leased', label: 'All, in blocks' },
  { value: 'shared', label: 'All, each call' },
  { value: 'local', label: 'Each gateway' },
];

/** What becomes of limits that all gateways count together. */
const withoutStoreChoices = [
  { value: 'local', label: 'Each gateway admits its share' },
  { value: 'fail_open', label: 'All calls are admitted' },
  { value: 'fail_closed', label: 'All calls are refused' },
];

function RateLimitRow({ path, limit, onChange }: RateLimitRowProps) {
  const burstFault = useFault(`${path}.burst`);
  return (
    <div className={classes.row} role="group" aria-label={`Rate limit ${limit.name}`}>
      <TextField
        path={`${path}.name`}
        label="Name"
        value={limit.name}
        onChange={(name) => onChange({ ...limit, name })}
      />
      <WholeField
        path={`${path}.limit`}
        label="Calls"
        value={limit.limit}
        onChange={(calls) => onChange({ ...limit, limit: calls })}
      />
      <WholeField
        path={`${path}.windowSeconds`}
        label="In seconds"
        value={limit.windowSeconds}
        onChange={(windowSeconds) => onChange({ ...limit, windowSeconds })}
      />
      <Select
        label="Counted"
        allowDeselect={false}
        value={limit.algorithm ?? 'sliding_window'}
        error={useFault(`${path}.algorithm`)}
        data={[
          { value: 'sliding_window', label: 'Any span' },
          { value: 'fixed_window', label: 'By clock' },
          { value: 'gcra', label: 'Evenly' },
        ]}
        onChange={(value) => value && onChange(withAlgorithm(limit, value as NonNullable<RateLimit['algorithm']>))}
      />
      {limit.algorithm === 'gcra' && (
        <NumberInput
          label="At once"
          placeholder={String(limit.limit)}
          error={burstFault}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          value={limit.burst ?? ''}
          onChange={(value) => onChange(withOptional(limit, 'burst', typeof value === 'number' ? value : undefined))}
        />
      )}
      <Select
        label="Counted by"
        allowDeselect={false}
        value={limit.policy ?? 'leased'}
        error={useFault(`${path}.policy`)}
        data={limitPolicies}
        onChange={(value) => value && onChange(withPolicy(limit, value as NonNullable<RateLimit['policy']>))}
      />
      <Select
        label="For each"
        allowDeselect={false}
        value={limit.scope ?? 'subscription'}
        error={useFault(`${path}.scope`)}
        data={limitScopes}
        onChange={(value) => value && onChange(withScope(limit, value as NonNullable<RateLimit['scope']>))}
      />
      {limit.scope === 'header' && (
        <TextField
          path={`${path}.header`}
          label="Header field"
          placeholder="x-tenant"
          value={limit.header ?? ''}
          onChange={(header) => onChange({ ...limit, header })}
        />
      )}
      <ActionIcon size={36} aria-label={`Remove rate limit ${limit.name}`} onClick={() => onChange(null)}>
        <IconTrash size={18} />
      </ActionIcon>
    </div>
  );
}

/** A burst goes with an even pace only. */
function withAlgorithm({ burst, ...limit }: RateLimit, algorithm: NonNullable<RateLimit['algorithm']>): RateLimit {
  return { ...limit, algorithm, ...(algorithm === 'gcra' && burst !== undefined && { burst }) };
}

/** Blocks are what goes without saying. */
function withPolicy(limit: RateLimit, policy: NonNullable<RateLimit['policy']>): RateLimit {
  return withOptional(limit, 'policy', policy === 'leased' ? undefined : policy);
}

/** A header field goes with its scope only; the subscription is what goes without saying. */
function withScope({ scope: _scope, header, ...limit }: RateLimit, scope: NonNullable<RateLimit['scope']>): RateLimit {
  if (scope === 'subscription') return limit;
  return { ...limit, scope, ...(scope === 'header' && { header: header ?? '' }) };
}

function AddButton({ onClick, children }: { readonly onClick: () => void; readonly children: string }) {
  return (
    <Group>
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={onClick}>
        {children}
      </Button>
    </Group>
  );
}

function None({ children }: { readonly children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
