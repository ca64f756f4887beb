import { mergeMetadata, metadata } from '../http/metadata.js';
import { boolean, clearable, hash, list, oneOf, required, text, webAddress, type Params } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import {
  createPortalConfiguration,
  defaultPortalConfiguration,
  noFeatures,
  portalConfigurationOf,
  type PortalConfiguration,
  type PortalFeatures,
} from './billing-portal.js';
import { customerOf } from './customer.js';
import { previousOf } from './previous-attributes.js';

const path = '/v1/billing_portal/configurations';
const featureReaders = {
  customer_update: hash({
    allowed_updates: list(oneOf('address', 'email', 'name', 'phone', 'shipping', 'tax_id')),
    enabled: boolean,
  }),
  invoice_history: hash({ enabled: boolean }),
  payment_method_update: hash({ enabled: boolean }),
  subscription_cancel: hash({
    enabled: boolean,
    mode: oneOf('at_period_end', 'immediately'),
    proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  }),
};

const writable = {
  business_profile: hash({
    headline: clearable(text(60)),
    privacy_policy_url: webAddress,
    terms_of_service_url: webAddress,
  }),
  default_return_url: clearable(webAddress),
  features: hash(featureReaders),
  metadata,
  name: clearable(text()),
};

export const billingPortalRoutes: readonly Route[] = [
  route('POST', path, writable, (call, params) =>
    createPortalConfiguration(
      call,
      {
        business_profile: {
          headline: params.business_profile?.headline ?? null,
          privacy_policy_url: params.business_profile?.privacy_policy_url ?? null,
          terms_of_service_url: params.business_profile?.terms_of_service_url ?? null,
        },
        default_return_url: params.default_return_url ?? null,
        features: withFeatures(noFeatures, required(params.features, 'features')),
        metadata: mergeMetadata({}, params.metadata),
        name: params.name ?? null,
      },
      false,
    ),
  ),

  route('GET', `${path}/{id}`, {}, (call, _params, id) => portalConfigurationOf(call, id)),

  route('POST', `${path}/{id}`, { ...writable, active: boolean }, (call, params, id) => {
    const before = portalConfigurationOf(call, id);
    if (params.active === false && before.is_default) {
      throw invalidRequest('The default configuration cannot be deactivated.', 'active');
    }
    const { business_profile: profile, features, metadata: change, ...fields } = params;
    const configuration: PortalConfiguration = {
      ...before,
      ...fields,
      business_profile: { ...before.business_profile, ...profile },
      features: features === undefined ? before.features : withFeatures(before.features, features),
      metadata: mergeMetadata(before.metadata, change),
      updated: call.now,
    };
    call.store.put('portal_configurations', configuration);
    call.emit('billing_portal.configuration.updated', configuration, previousOf(before, configuration));
    return configuration;
  }),

  listRoute(path, 'configuration', { active: boolean, is_default: boolean }, (call, params) =>
    call.store
      .all('portal_configurations')
      .filter(({ active }) => active === (params.active ?? active))
      .filter(({ is_default: isDefault }) => isDefault === (params.is_default ?? isDefault)),
  ),

  route(
    'POST',
    '/v1/billing_portal/sessions',
    { configuration: text(), customer: text(), return_url: webAddress },
    (call, params) => {
      const customer = customerOf(call, required(params.customer, 'customer'), 'customer');
      const configuration =
        params.configuration === undefined
          ? defaultPortalConfiguration(call)
          : portalConfigurationOf(call, params.configuration, 'configuration');
      if (!configuration.active) throw invalidRequest('This configuration is inactive.', 'configuration');
      const id = newId('bps');
      const session = call.store.put('portal_sessions', {
        id,
        object: 'billing_portal.session',
        after_expiration: null,
        configuration: configuration.id,
        created: call.now,
        customer: customer.id,
        customer_account: null,
        flow: null,
        livemode: false,
        locale: null,
        on_behalf_of: null,
        return_url: params.return_url ?? configuration.default_return_url,
        url: `${call.baseUrl}/p/session/${id}`,
      });
      call.emit('billing_portal.session.created', session);
      return session;
    },
  ),
];

function withFeatures(before: PortalFeatures, change: Params<typeof featureReaders>): PortalFeatures {
  const { customer_update: update, subscription_cancel: cancel } = change;
  return {
    ...before,
    customer_update: update
      ? {
          allowed_updates: update.allowed_updates ?? before.customer_update.allowed_updates,
          enabled: required(update.enabled, 'features[customer_update][enabled]'),
        }
      : before.customer_update,
    invoice_history: change.invoice_history
      ? { enabled: required(change.invoice_history.enabled, 'features[invoice_history][enabled]') }
      : before.invoice_history,
    payment_method_update: change.payment_method_update
      ? {
          ...before.payment_method_update,
          enabled: required(change.payment_method_update.enabled, 'features[payment_method_update][enabled]'),
        }
      : before.payment_method_update,
    subscription_cancel: cancel
      ? {
          ...before.subscription_cancel,
          enabled: required(cancel.enabled, 'features[subscription_cancel][enabled]'),
          mode: cancel.mode ?? before.subscription_cancel.mode,
          proration_behavior: cancel.proration_behavior ?? before.subscription_cancel.proration_behavior,
        }
      : before.subscription_cancel,
  };
}
