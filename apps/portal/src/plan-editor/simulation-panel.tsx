import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { simulatePlanDraft } from '../api/plans.js';
import type { PlanSimulation } from '../api/types.js';
import { serverClock } from '../clock/server-clock.js';
import { ProblemAlert } from '../components/problem-alert.js';
import { Section } from '../components/section.js';
import { formatUnits } from '../format/number.js';
import { laterBy, utcInputValue, utcInstantOf } from '../format/utc-input.js';
import classes from './simulation-panel.module.css';

interface SimulationPanelProps {
  readonly planId: string;
  /** The draft is not saved as it is shown: what is simulated is what is saved. */
  readonly isChanged: boolean;
}

/** What subscribers would have paid under the draft. */
export function SimulationPanel({ planId, isChanged }: SimulationPanelProps) {
  const [from, setFrom] = useState(() => utcInputValue(laterBy(serverClock.now(), { months: -3 })).slice(0, 10));
  const [to, setTo] = useState(() => utcInputValue(laterBy(serverClock.now(), { hours: 24 })).slice(0, 10));
  const simulate = useMutation({
    mutationFn: (span: { from: string; to: string }) => simulatePlanDraft(planId, span),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const span = { from: utcInstantOf(from), to: utcInstantOf(to) };
    if (span.from !== null && span.to !== null) simulate.mutate({ from: span.from, to: span.to });
  };
  return (
    <Section
      title="What if"
      description="The usage of closed periods, rated again under the saved draft. Nothing is changed by it."
    >
      <form onSubmit={submit}>
        <div className={classes.span}>
          <TextInput
            type="date"
            required
            label="Ended after (UTC)"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            required
            label="Up to (UTC)"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" variant="default" mt="md" fullWidth loading={simulate.isPending} disabled={isChanged}>
          {isChanged ? 'Save the draft to simulate it' : 'Simulate'}
        </Button>
      </form>
      <div aria-live="polite">
        {simulate.isError && (
          <div className={classes.outcome}>
            <ProblemAlert error={simulate.error} title="Not simulated" />
          </div>
        )}
        {simulate.data && <Outcome simulation={simulate.data} />}
      </div>
    </Section>
  );
}

function Outcome({ simulation }: { readonly simulation: PlanSimulation }) {
  const { periods, subscriptionCount, charged, simulated, difference, winnerCount, loserCount } = simulation;
  if (periods === 0) {
    return (
      <Text size="sm" c="dimmed" mt="md">
        No period of a subscriber was closed in that time.
      </Text>
    );
  }
  return (
    <Stack gap="md" className={classes.outcome}>
      <div>
        <p className={classes.difference}>{signed(difference)}</p>
        <Text size="sm" c="dimmed">
          {charged.formatted} was charged, {simulated.formatted} it would have been, in{' '}
          {formatUnits(periods, 'closed period')} of {formatUnits(subscriptionCount, 'subscription')}.
        </Text>
      </div>
      <Named title={`${formatUnits(winnerCount, 'subscription')} would pay less`} of={simulation.winners} />
      <Named title={`${formatUnits(loserCount, 'subscription')} would pay more`} of={simulation.losers} />
      <Text size="sm" c="dimmed">
        {formatUnits(subscriptionCount - winnerCount - loserCount, 'subscription')} would pay the same.
      </Text>
    </Stack>
  );
}

function Named({ title, of }: { readonly title: string; readonly of: PlanSimulation['winners'] }) {
  if (of.length === 0) return null;
  return (
    <table className={classes.named}>
      <caption>{title}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Organization</th>
          <th scope="col">From and to</th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ subscriptionId, organizationName, charged, simulated, difference }) => (
          <tr key={subscriptionId}>
            <th scope="row">{organizationName}</th>
            <td>
              {charged.formatted} → {simulated.formatted}
            </td>
            <td>{signed(difference)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function signed({ amountMinor, formatted }: PlanSimulation['difference']): string {
  return BigInt(amountMinor) > 0n ? `+${formatted}` : formatted;
}
