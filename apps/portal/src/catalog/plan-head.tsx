import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/session.js';
import type { Plan } from '../api/types.js';
import { ButtonLink } from '../components/links.js';
import { capitalized } from '../format/text.js';
import classes from './plan-head.module.css';
import { feeTermWords, priceHeadline } from './plan-words.js';

interface PlanProps {
  readonly plan: Plan;
}

/** A plan's name and what it costs at least. */
export function PlanHead({ plan }: PlanProps) {
  const { amount, per } = priceHeadline(plan);
  const terms = feeTermWords(plan.version.definition);
  return (
    <div className={classes.head}>
      <span className={classes.title}>{plan.title}</span>
      <span className={classes.amount}>{amount}</span>
      <span className={classes.per}>{per}</span>
      {terms.length > 0 && <span className={classes.per}>{capitalized(terms.join(' · '))}</span>}
      <Text component="span" size="sm" c="dimmed" mt={6}>
        {plan.summary}
      </Text>
    </div>
  );
}

/** To the subscription, by way of the sign-up for visitors. */
export function PlanSubscribe({ plan }: PlanProps) {
  const { data: session } = useQuery(sessionQuery);
  const words = (
    <>
      Subscribe<span className="visually-hidden"> to {plan.title}</span>
    </>
  );
  const looks = { variant: plan.free ? 'default' : 'filled', fullWidth: true } as const;
  if (session && !session.user) {
    return (
      <ButtonLink to="/sign-up" search={{ redirect: `/dashboard/subscribe?plan=${plan.version.id}` }} {...looks}>
        {words}
      </ButtonLink>
    );
  }
  return (
    <ButtonLink to="/dashboard/subscribe" search={{ plan: plan.version.id }} {...looks}>
      {words}
    </ButtonLink>
  );
}
