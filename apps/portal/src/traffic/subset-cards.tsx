import { Paper, SimpleGrid, Text } from '@mantine/core';
import type { Traffic, TrafficGroup, VersionSplits } from '../api/types.js';
import { formatQuantity } from '../format/number.js';
import { percentOf, percentWords } from './shares.js';
import classes from './traffic.module.css';
import { errorShare, percentileWords } from './traffic-words.js';

/** From this share on failed calls are marked. */
const alarmingShare = 0.01;

interface SubsetCardsProps {
  readonly splits: VersionSplits;
  readonly traffic: Traffic;
}

/** How each subset does, beside each other: calls, errors and times. */
export function SubsetCards({ splits: { subsets, splits }, traffic }: SubsetCardsProps) {
  const others = splits.at(-1)?.shares ?? [];
  const shareWords = (name: string) =>
    splits.length === 1
      ? `${percentWords(percentOf(others, name))} of applications`
      : `${percentWords(percentOf(others, name))} of other applications`;
  const stray = traffic.groups.filter(({ id }) => id !== null && !subsets.some(({ name }) => name === id));
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: Math.min(2, subsets.length), lg: Math.min(3, subsets.length) }} spacing="lg">
        {subsets.map(({ name }) => (
          <SubsetCard
            key={name}
            name={name}
            share={others.length === 0 ? 'Only by rules' : shareWords(name)}
            group={traffic.groups.find(({ id }) => id === name)}
          />
        ))}
      </SimpleGrid>
      {stray.length > 0 && (
        <Text size="sm" c="dimmed">
          And {stray.map(strayWords).join(', ')}.
        </Text>
      )}
    </>
  );
}

function strayWords({ id, calls }: TrafficGroup): string {
  const number = formatQuantity(calls);
  return id === ''
    ? `${number} calls that asked no subset, such as answers from the cache`
    : `${number} calls of ${id}, which is gone`;
}

interface SubsetCardProps {
  readonly name: string;
  readonly share: string;
  readonly group: TrafficGroup | undefined;
}

function SubsetCard({ name, share, group }: SubsetCardProps) {
  const calls = group?.calls ?? 0;
  const failed = group?.serverErrors ?? 0;
  const latency = group?.latency ?? null;
  const numbers = [
    { label: 'Calls', value: formatQuantity(calls) },
    {
      label: 'Errors (5xx)',
      value: errorShare(failed, calls),
      tone: failed >= calls * alarmingShare && failed > 0 ? 'danger' : undefined,
    },
    { label: '4xx', value: errorShare(group?.clientErrors ?? 0, calls) },
    { label: 'p50', value: percentileWords(latency, 'p50Ms') },
    { label: 'p95', value: percentileWords(latency, 'p95Ms') },
    { label: 'p99', value: percentileWords(latency, 'p99Ms') },
  ];
  return (
    <Paper className={classes.subset} data-testid={`subset-${name}`}>
      <div className={classes.subsetHead}>
        <h2 className={classes.subsetName}>{name}</h2>
        <Text size="sm" c="dimmed" component="span">
          {share}
        </Text>
      </div>
      <dl className={classes.numbers}>
        {numbers.map(({ label, value, tone }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd data-tone={tone}>{value}</dd>
          </div>
        ))}
      </dl>
    </Paper>
  );
}
