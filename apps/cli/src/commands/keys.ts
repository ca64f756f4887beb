import { type ProvisionedKey, provisionKey } from '#services';
import { parseInstant, parseOptions, required } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** Where the sandbox's invoices of organizations without people go; nobody can have this address (RFC 2606). */
const SIMULATED_BILLING_EMAIL = 'billing@organization.example';

/** `tollgate keys create`: a key for an application, which is made and subscribed when it is not there yet. */
export async function keysCreate(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    application: { type: 'string' },
    organization: { type: 'string' },
    plan: { type: 'string' },
    'billing-email': { type: 'string' },
    mode: { type: 'string', default: 'live' },
    name: { type: 'string' },
    expires: { type: 'string' },
    'allow-address': { type: 'string', multiple: true },
    product: { type: 'string', multiple: true },
    operation: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  });
  const applicationName = required(options.application, '--application');
  const { mode } = options;
  if (mode !== 'live' && mode !== 'test') throw new UsageError(`--mode ${mode}: expected live or test`);
  const created = await withSession(({ context, settings }) =>
    provisionKey(context, {
      organizationName: options.organization ?? applicationName,
      billingEmail: options['billing-email'] ?? (settings.STRIPE_API_BASE ? SIMULATED_BILLING_EMAIL : null),
      applicationName,
      plan: options.plan === undefined ? null : planFrom(options.plan),
      mode,
      keyName: options.name ?? 'Made at the command line',
      expiresAt: options.expires === undefined ? null : parseInstant(options.expires, '--expires'),
      restrictions: {
        allowedAddresses: options['allow-address'] ?? [],
        products: options.product ?? [],
        operations: options.operation ?? [],
      },
      peppers: settings.KEY_PEPPERS,
      actor: CLI_ACTOR,
    }),
  );
  if (options.json) await printJson(created);
  else await print(describe(created));
  return EXIT.ok;
}

function planFrom(text: string): { productSlug: string; planSlug: string } {
  const [productSlug, planSlug, ...rest] = text.split('/');
  if (!productSlug || !planSlug || rest.length > 0)
    throw new UsageError(`--plan ${text}: expected PRODUCT/PLAN, such as atlas/free`);
  return { productSlug, planSlug };
}

function describe(created: ProvisionedKey): string {
  return `${created.key}\n\nShown this once. Application ${created.applicationId}${created.subscriptionId ? `, subscription ${created.subscriptionId}` : ''}.\n`;
}
