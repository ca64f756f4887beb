import { ActionIcon, Select } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { PlanMeter, PlanTerms } from '../api/types.js';
import { TextField, WholeField, useFault } from './field-faults.js';
import classes from './plan-editor.module.css';

type Quota = PlanTerms['quotas'][number];

interface QuotaRowProps<One extends Omit<Quota, 'enforcement'>> {
  readonly path: string;
  /** What it is called for screen readers: "Quota". */
  readonly title: string;
  readonly quota: One;
  readonly meters: readonly PlanMeter[];
  /** Null to remove it. */
  readonly onChange: (quota: One | null) => void;
}

/** A quota of the plan or of its trial; those of a trial are always hard. */
export function QuotaRow<One extends Omit<Quota, 'enforcement'> & { enforcement?: Quota['enforcement'] }>({
  path,
  title,
  quota,
  meters,
  onChange,
}: QuotaRowProps<One>) {
  const choices = meters.filter(({ aggregation, slug }) => aggregation === 'sum' || slug === quota.meter);
  return (
    <div className={classes.row} role="group" aria-label={`${title} ${quota.name}`}>
      <TextField
        path={`${path}.name`}
        label="Name"
        value={quota.name}
        onChange={(name) => onChange({ ...quota, name })}
      />
      <Select
        label="Meter"
        allowDeselect={false}
        value={quota.meter}
        error={useFault(`${path}.meter`)}
        data={choices.map((meter) => ({ value: meter.slug, label: meter.title }))}
        onChange={(meter) => meter && onChange({ ...quota, meter })}
      />
      <WholeField
        path={`${path}.limit`}
        label="Units a month"
        value={quota.limit}
        onChange={(limit) => onChange({ ...quota, limit })}
      />
      {quota.enforcement && (
        <Select
          label="Kind"
          allowDeselect={false}
          value={quota.enforcement}
          data={[
            { value: 'hard', label: 'Hard' },
            { value: 'soft', label: 'Soft' },
          ]}
          onChange={(value) => onChange({ ...quota, enforcement: value === 'soft' ? 'soft' : 'hard' })}
        />
      )}
      <ActionIcon size={36} aria-label={`Remove ${title.toLowerCase()} ${quota.name}`} onClick={() => onChange(null)}>
        <IconTrash size={18} />
      </ActionIcon>
    </div>
  );
}
