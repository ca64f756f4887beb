import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { UsageSeries } from '../../api/usage.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { meterName, metersIn, trafficColumns } from '../../usage/series.js';
import { TrafficChart } from '../../usage/traffic-chart.js';
import { trafficChart } from '../../usage/traffic-kinds.js';

interface TrafficSectionProps {
  readonly series: UseQueryResult<UsageSeries>;
}

export function TrafficSection({ series }: TrafficSectionProps) {
  return (
    <Section title="Traffic" description="The last 24 hours, by the hour">
      <Loaded query={series} skeleton={<Skeleton h={306} />}>
        {(loaded) => {
          const meter = metersIn(loaded.buckets)[0] ?? 'requests';
          return (
            <TrafficChart
              columns={trafficChart(trafficColumns(loaded, meter))}
              bucket={loaded.bucket}
              units={meterName(meter)}
            />
          );
        }}
      </Loaded>
    </Section>
  );
}
