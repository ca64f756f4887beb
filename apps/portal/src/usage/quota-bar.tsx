import type { MeterUsage } from '../api/types.js';
import { UsedBar } from '../components/used-bar.js';
import { formatQuantity, pluralOf } from '../format/number.js';
import { quotaView, type Quota } from './quota.js';

interface QuotaBarProps {
  readonly quota: Quota;
  readonly meter: MeterUsage;
}

/** How much of a quota is used, in numbers and as a bar. */
export function QuotaBar({ quota, meter }: QuotaBarProps) {
  const { share, ...view } = quotaView(quota);
  const [used, of] = [formatQuantity(quota.used), `of ${formatQuantity(quota.limit)} ${pluralOf(meter.unit)}`];
  return (
    <UsedBar
      {...view}
      label={`Quota ${quota.name}`}
      valueText={`${used} ${of}`}
      used={
        <>
          <b>{used}</b> {of}
        </>
      }
      note={share}
      kind={quota.enforcement === 'hard' ? 'hard quota' : 'soft quota'}
    />
  );
}
