import { noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { usageOf } from './meter-usage.js';

/** As stored: with when it was made, and for whom it has gone off. */
export interface BillingAlert {
  readonly id: string;
  readonly object: 'billing.alert';
  readonly alert_type: 'usage_threshold';
  readonly created: number;
  readonly livemode: false;
  readonly status: 'active' | 'archived' | 'inactive';
  readonly title: string;
  readonly triggered: readonly string[];
  readonly usage_threshold: {
    readonly filters: readonly { readonly customer: string; readonly type: 'customer' }[] | null;
    readonly gte: number;
    readonly meter: string;
    readonly recurrence: 'one_time';
  };
}

export function alertOf(call: Call, id: string): BillingAlert {
  const alert = call.store.get('billing_alerts', id);
  if (alert === undefined) throw noSuch('billing alert', id, 'id');
  return alert;
}

export function renderAlert({ created: _created, triggered: _triggered, ...alert }: BillingAlert): object {
  return alert;
}

/** After usage was recorded: tells, once for each customer, of what has reached the threshold since the alert was made. */
export function raiseAlerts(call: Call, meter: string, customer: string): void {
  for (const alert of call.store.oldestFirst('billing_alerts')) {
    const { filters, gte, meter: own } = alert.usage_threshold;
    if (alert.status !== 'active' || own !== meter || alert.triggered.includes(customer)) continue;
    if (filters !== null && filters.every((filter) => filter.customer !== customer)) continue;
    const value = Number(usageOf({ ...call, usageDelay: 0 }, meter, customer, alert.created, Infinity));
    if (value < gte) continue;
    call.store.put('billing_alerts', { ...alert, triggered: [...alert.triggered, customer] });
    call.emit('billing.alert.triggered', {
      object: 'billing.alert_triggered',
      alert: renderAlert(alert),
      created: call.now,
      customer,
      livemode: false,
      value: Math.floor(value),
    });
  }
}
