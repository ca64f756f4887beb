import type { Metadata } from '../http/metadata.js';
import { noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';

/** What customers may do on the page. */
export interface PortalFeatures {
  readonly customer_update: { readonly allowed_updates: readonly string[]; readonly enabled: boolean };
  readonly invoice_history: { readonly enabled: boolean };
  readonly payment_method_update: { readonly enabled: boolean; readonly payment_method_configuration: null };
  readonly subscription_cancel: {
    readonly cancellation_reason: {
      readonly enabled: false;
      readonly feedback_options: null;
      readonly options: readonly string[];
    };
    readonly enabled: boolean;
    readonly mode: 'at_period_end' | 'immediately';
    readonly proration_behavior: 'always_invoice' | 'create_prorations' | 'none';
  };
  readonly subscription_pause: {
    readonly duration: { readonly interval_options: readonly never[]; readonly type: 'indefinite' };
    readonly enabled: false;
  };
  readonly subscription_update: {
    readonly billing_cycle_anchor: null;
    readonly default_allowed_updates: readonly string[];
    readonly enabled: false;
    readonly products: readonly never[];
    readonly proration_behavior: 'none';
    readonly schedule_at_period_end: { readonly conditions: readonly never[] };
    readonly trial_update_behavior: 'end_trial';
  };
}

export interface PortalConfiguration {
  readonly id: string;
  readonly object: 'billing_portal.configuration';
  readonly active: boolean;
  readonly application: null;
  readonly business_profile: {
    readonly headline: string | null;
    readonly privacy_policy_url: string | null;
    readonly terms_of_service_url: string | null;
  };
  readonly created: number;
  readonly default_return_url: string | null;
  readonly features: PortalFeatures;
  readonly is_default: boolean;
  readonly livemode: false;
  readonly login_page: { readonly enabled: false; readonly url: null };
  readonly metadata: Metadata;
  readonly name: string | null;
  readonly updated: number;
}

export interface PortalSession {
  readonly id: string;
  readonly object: 'billing_portal.session';
  readonly after_expiration: null;
  readonly configuration: string;
  readonly created: number;
  readonly customer: string;
  readonly customer_account: null;
  readonly flow: null;
  readonly livemode: false;
  readonly locale: null;
  readonly on_behalf_of: null;
  readonly return_url: string | null;
  readonly url: string;
}

export type NewPortalConfiguration = Pick<
  PortalConfiguration,
  'business_profile' | 'default_return_url' | 'features' | 'metadata' | 'name'
>;

export function createPortalConfiguration(
  call: Call,
  fields: NewPortalConfiguration,
  isDefault: boolean,
): PortalConfiguration {
  const configuration = call.store.put('portal_configurations', {
    ...fields,
    id: newId('bpc'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    created: call.now,
    is_default: isDefault,
    livemode: false,
    login_page: { enabled: false, url: null },
    updated: call.now,
  });
  call.emit('billing_portal.configuration.created', configuration);
  return configuration;
}

export function portalConfigurationOf(call: Call, id: string, param = 'id'): PortalConfiguration {
  const configuration = call.store.get('portal_configurations', id);
  if (configuration === undefined) throw noSuch('configuration', id, param);
  return configuration;
}

/** The configuration that sessions use unless they name one; it comes to be with the first of them. */
export function defaultPortalConfiguration(call: Call): PortalConfiguration {
  const existing = call.store.all('portal_configurations').find(({ is_default: isDefault }) => isDefault);
  return (
    existing ??
    createPortalConfiguration(
      call,
      {
        business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
        default_return_url: null,
        features: allFeatures,
        metadata: {},
        name: null,
      },
      true,
    )
  );
}

/** How long the link of a session works. */
export const sessionSeconds = 3600;

export const noFeatures: PortalFeatures = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: [] },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: [],
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'end_trial',
  },
};

const allFeatures: PortalFeatures = {
  ...noFeatures,
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true, payment_method_configuration: null },
  subscription_cancel: { ...noFeatures.subscription_cancel, enabled: true },
};
