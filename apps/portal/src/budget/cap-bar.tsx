import { UsedBar } from '../components/used-bar.js';
import type { CapView } from './budget.js';

/** How much of a spending cap is used, in money and as a bar. */
export function CapBar({ cap: { spent, cap, alerts, ...view } }: { readonly cap: CapView }) {
  return (
    <UsedBar
      {...view}
      label="Spending cap"
      valueText={`${spent} of ${cap}`}
      used={
        <>
          <b>{spent}</b> of {cap}
        </>
      }
      note={alerts}
    />
  );
}
