import { useQuery } from '@tanstack/react-query';
import { settingsQuery } from '../api/settings.js';
import classes from './simulated-payments-banner.module.css';

/** Always in sight where no money moves, so that nobody takes what they see for a payment. */
export function SimulatedPaymentsBanner() {
  const { data: settings } = useQuery(settingsQuery);
  if (!settings?.simulatedPayments) return null;
  return (
    <aside className={classes.banner} aria-label="Simulated payments">
      <strong>Simulated payments</strong> – no real card is charged
    </aside>
  );
}
