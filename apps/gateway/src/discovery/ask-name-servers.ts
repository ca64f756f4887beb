import dns, { type RecordWithTtl, type SrvRecord } from 'node:dns';
import { MAX_UPSTREAM_TARGETS, judgeUpstreamAddress } from '#domain';
import { DiscoveryError, type Finding, type FoundTarget, findingOf } from './found-target.js';

export interface NameServerOptions {
  /** `address` or `address:port`; those of the system without it. */
  readonly servers?: readonly string[] | undefined;
  /** Whether private networks and this machine may be found. */
  readonly allowsPrivate: boolean;
}

/** Of one try; there are two. */
const timeoutMs = 2_000;
const tries = 2;
/** Answers by which a name server says that there is nothing of the kind. */
const NOTHING = new Set(['ENODATA', 'ENOTFOUND']);
/** In RFC 2782 a weight of 0 is for "a very small chance" beside others. */
const weightScale = 100;

/** A and AAAA of a name. @throws DiscoveryError when there are none that may be used, or nobody answers */
export async function askForAddresses(name: string, port: number | null, options: NameServerOptions): Promise<Finding> {
  const { records, remarks } = await addressesOf(name, options);
  const targets = records.map(({ address }) => ({ host: address, port, weight: 1, priority: 0 }));
  return findingOf(targets, validFor(records), remarks);
}

/**
 * The places of a service (RFC 2782), with the addresses of each. The time to live is that of the addresses, as `node:dns` does not tell
 * that of SRV records. @throws DiscoveryError when there are none that may be used, or nobody answers
 */
export async function askForService(name: string, options: NameServerOptions): Promise<Finding> {
  const records = (await ask(name, options, (resolver) => resolver.resolveSrv(name)))
    // A single dot says that there is no such service.
    .filter(({ name: host }) => host !== '' && host !== '.')
    .toSorted((one, other) => one.priority - other.priority || (one.name < other.name ? -1 : 1));
  // Each is two questions more: whoever owns the name does not decide how many.
  const services = records.slice(0, MAX_UPSTREAM_TARGETS);
  const left = records.length - services.length;
  const found: FoundTarget[] = [];
  const all: RecordWithTtl[] = [];
  const remarks = left === 0 ? [] : [`${left} of ${records.length} records are too many, and left out`];
  const scale = services.every(({ weight }) => weight === 0) ? () => 1 : scaledWeight;
  const answers = await Promise.all(services.map((service) => addressesOfService(service, options)));
  for (const { service, records: addresses, remarks: own } of answers) {
    remarks.push(...own);
    all.push(...addresses);
    const { port, priority } = service;
    const weight = scale(service) / addresses.length;
    found.push(...addresses.map(({ address }) => ({ host: address, port, weight, priority })));
  }
  return findingOf(found, validFor(all), remarks);
}

const scaledWeight = ({ weight }: SrvRecord): number => (weight === 0 ? 1 : weight * weightScale);

async function addressesOfService(service: SrvRecord, options: NameServerOptions) {
  try {
    return { service, ...(await addressesOf(service.name, options)) };
  } catch (error) {
    // Nobody knows whether it has addresses: then it is not known which targets there are.
    if (!(error instanceof NothingThereError)) throw error;
    return { service, records: [], remarks: [error.message] };
  }
}

class NothingThereError extends DiscoveryError {}

interface Addresses {
  readonly records: readonly RecordWithTtl[];
  readonly remarks: readonly string[];
}

async function addressesOf(name: string, options: NameServerOptions): Promise<Addresses> {
  const answers = await Promise.allSettled([
    ask(name, options, (resolver) => resolver.resolve4(name, { ttl: true })),
    ask(name, options, (resolver) => resolver.resolve6(name, { ttl: true })),
  ]);
  const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (records.length === 0) {
    const reasons = answers.map((answer) => (answer as PromiseRejectedResult).reason as DiscoveryError);
    throw reasons.find((reason) => !(reason instanceof NothingThereError)) ?? reasons[0]!;
  }
  const isAllowed = ({ address }: RecordWithTtl) => judgeUpstreamAddress(address, options.allowsPrivate) === 'allowed';
  return {
    records: records.filter(isAllowed),
    remarks: records
      .filter((record) => !isAllowed(record))
      .map(({ address }) => `${name} leads to ${address}, where no upstream may be`),
  };
}

async function ask<Record>(
  name: string,
  { servers }: NameServerOptions,
  question: (resolver: dns.promises.Resolver) => Promise<Record[]>,
): Promise<Record[]> {
  const resolver = new dns.promises.Resolver({ timeout: timeoutMs, tries });
  if (servers) resolver.setServers(servers);
  try {
    return await question(resolver);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (NOTHING.has(code))
      throw new NothingThereError(`there is no such record of ${name} (${code})`, { cause: error });
    throw new DiscoveryError(`no name server answers for ${name} (${code})`, { cause: error });
  }
}

function validFor(records: readonly RecordWithTtl[]): number {
  return Math.min(...records.map(({ ttl }) => ttl)) * 1_000;
}
