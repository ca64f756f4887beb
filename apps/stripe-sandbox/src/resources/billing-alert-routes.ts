import { hash, integer, list, oneOf, required, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { alertOf, renderAlert, type BillingAlert } from './billing-alert.js';
import { customerOf } from './customer.js';
import { meterOf } from './meter.js';

const path = '/v1/billing/alerts';

const threshold = hash({
  filters: list(hash({ customer: text(), type: oneOf('customer') })),
  gte: integer,
  meter: text(),
  recurrence: oneOf('one_time'),
});

export const billingAlertRoutes: readonly Route[] = [
  route(
    'POST',
    path,
    { alert_type: oneOf('usage_threshold'), title: text(256), usage_threshold: threshold },
    (call, params) => {
      const asked = required(params.usage_threshold, 'usage_threshold');
      const gte = required(asked.gte, 'usage_threshold[gte]');
      if (gte < 1) throw invalidRequest('This value must be greater than or equal to 1.', 'usage_threshold[gte]');
      const name = 'usage_threshold[filters][0][customer]';
      const filters = asked.filters?.map(({ customer }) => ({
        customer: customerOf(call, required(customer, name), name).id,
        type: 'customer' as const,
      }));
      const alert = call.store.put('billing_alerts', {
        id: newId('alrt'),
        object: 'billing.alert',
        alert_type: required(params.alert_type, 'alert_type'),
        created: call.now,
        livemode: false,
        status: 'active',
        title: required(params.title, 'title'),
        triggered: [],
        usage_threshold: {
          filters: filters ?? null,
          gte,
          meter: meterOf(call, required(asked.meter, 'usage_threshold[meter]'), 'usage_threshold[meter]').id,
          recurrence: required(asked.recurrence, 'usage_threshold[recurrence]'),
        },
      });
      return renderAlert(alert);
    },
  ),

  route('GET', `${path}/{id}`, {}, (call, _params, id) => renderAlert(alertOf(call, id))),

  listRoute(
    path,
    'billing alert',
    { alert_type: oneOf('usage_threshold'), meter: text() },
    (call, params) =>
      call.store.all('billing_alerts').filter(({ usage_threshold: { meter } }) => meter === (params.meter ?? meter)),
    (_call, alert) => renderAlert(alert),
  ),

  route('POST', `${path}/{id}/activate`, {}, (call, _params, id) => setStatus(call, id, 'active')),
  route('POST', `${path}/{id}/deactivate`, {}, (call, _params, id) => setStatus(call, id, 'inactive')),
  route('POST', `${path}/{id}/archive`, {}, (call, _params, id) => setStatus(call, id, 'archived')),
];

function setStatus(call: Call, id: string, status: BillingAlert['status']): object {
  const alert = alertOf(call, id);
  if (alert.status === 'archived') throw invalidRequest('An archived alert cannot be changed.');
  if (alert.status === status) throw invalidRequest(`The alert is ${status} already.`);
  return renderAlert(call.store.put('billing_alerts', { ...alert, status }));
}
