import { printedAddress, printedPlace } from '#domain';
import {
  changeBillingDetails,
  findBillingDetails,
  findOrganizationId,
  listOrganizations,
  setPaymentTerms,
  suspendOrganization,
} from '#services';
import { organizationWord, parseOptions } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { print, printJson } from '../output.js';
import { CLI_ACTOR, withSession } from '../session.js';

/** `tollgate organizations list`: all of them, or those with this part of a name, by slug. */
export async function organizationsList(words: readonly string[]): Promise<number> {
  const { search, json } = parseOptions(words, { search: { type: 'string' }, json: { type: 'boolean' } });
  const organizations = await withSession(({ context }) => listOrganizations(context, { search }));
  if (json) await printJson(organizations);
  else
    await print(
      organizations
        .map(({ slug, name, suspendedAt, paymentTerms: { method, netDays } }) => {
          const terms = method === 'card' ? 'by card' : `by transfer within ${netDays} days`;
          return `${slug}\t${name}\t${terms}${suspendedAt === null ? '' : '\tsuspended'}\n`;
        })
        .join(''),
    );
  return EXIT.ok;
}

/** `tollgate organization suspend`: the calls of all its applications are refused until it is restored. */
export function organizationSuspend(words: readonly string[]): Promise<number> {
  return change(words, true);
}

/** `tollgate organization restore`: its calls pass again, with the same keys. */
export function organizationRestore(words: readonly string[]): Promise<number> {
  return change(words, false);
}

/** `tollgate organization terms`: how it pays the invoices that are issued from now on. */
export async function organizationTerms([word, ...rest]: readonly string[]): Promise<number> {
  const organization = organizationWord(word);
  const options = parseOptions(rest, { method: { type: 'string' }, 'net-days': { type: 'string' } });
  const { method } = options;
  if (method !== 'card' && method !== 'transfer') throw new UsageError('--method: expected card or transfer');
  const days = options['net-days'] ?? '0';
  if (!/^[0-9]{1,3}$/.test(days)) throw new UsageError('--net-days: expected a whole number from 0 to 90');
  const terms = { method, netDays: Number(days) } as const;
  const hasChanged = await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    return setPaymentTerms(context, { organizationId, terms, actor: CLI_ACTOR });
  });
  const way = method === 'card' ? 'by card' : `by transfer within ${terms.netDays} days`;
  await print(`Organization ${organization} ${hasChanged ? 'pays' : 'paid already'} ${way}.\n`);
  return EXIT.ok;
}

/** `tollgate organization billing`: what its invoices say of it; what is named changes, and an empty text takes it away. */
export async function organizationBilling([word, ...rest]: readonly string[]): Promise<number> {
  const organization = organizationWord(word);
  const options = parseOptions(rest, {
    'legal-name': { type: 'string' },
    address: { type: 'string', multiple: true },
    country: { type: 'string' },
    region: { type: 'string' },
    'postal-code': { type: 'string' },
    'purchase-order': { type: 'string' },
    json: { type: 'boolean' },
  });
  const { json, ...named } = options;
  const { details, organizationName } = await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    const current = await findBillingDetails(context, organizationId);
    if (Object.keys(named).length === 0) return current;
    const said = (value: string | undefined, before: string | null) => (value === undefined ? before : value || null);
    const changed = {
      ...current.details,
      legalName: said(options['legal-name'], current.details.legalName),
      addressLines: options.address ?? current.details.addressLines,
      country: said(options.country, current.details.country),
      region: said(options.region, current.details.region),
      postalCode: said(options['postal-code'], current.details.postalCode),
      purchaseOrderNumber: said(options['purchase-order'], current.details.purchaseOrderNumber),
    };
    return changeBillingDetails(context, { organizationId, details: changed, actor: CLI_ACTOR });
  });
  if (json) await printJson(details);
  else {
    const place = printedPlace(details);
    const lines = [
      details.legalName ?? organizationName,
      ...printedAddress(details),
      ...(place === null ? [] : [place]),
      ...details.taxIds.map(({ value }) => value),
    ];
    await print(`${lines.join('\n')}\n`);
  }
  return EXIT.ok;
}

async function change([word, ...rest]: readonly string[], isSuspended: boolean): Promise<number> {
  const organization = organizationWord(word);
  const { reason = null } = parseOptions(rest, { reason: { type: 'string' } });
  const hasChanged = await withSession(async ({ context }) => {
    const organizationId = await findOrganizationId(context, organization);
    return suspendOrganization(context, { organizationId, isSuspended, reason, actor: CLI_ACTOR });
  });
  const done = isSuspended ? 'suspended' : 'restored';
  await print(`Organization ${organization} ${hasChanged ? 'is' : 'was already'} ${done}.\n`);
  return EXIT.ok;
}
