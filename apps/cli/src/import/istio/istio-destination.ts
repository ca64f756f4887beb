import { InputPart } from '../input-part.js';
import { readBalancing } from './istio-balancing.js';
import { durationIn } from './istio-duration.js';
import type { IstioResource } from './istio-file.js';

/** A place that calls go to: a subset of a host, or all of it. */
export interface IstioDestination {
  readonly host: string;
  readonly subset: string | undefined;
  readonly port: number | undefined;
  readonly weight: number;
}

/** The destinations of a route of HTTP with their weights. */
export function readDestinations(route: InputPart): readonly IstioDestination[] {
  const parts = route.parts('route');
  return parts.flatMap((part) => {
    const destination = part.part('destination');
    const weight = part.count('weight') ?? (parts.length === 1 ? 100 : 0);
    part.leaveOut('headers', 'header fields are changed by policies.transformations.');
    part.leaveRest();
    const host = destination?.text('host');
    if (!destination || host === undefined || host === '') {
      route.report.leftOut(part.place, 'it has no destination.host.');
      return [];
    }
    const port = destination.part('port');
    const read = { host, subset: destination.text('subset'), port: port?.count('number'), weight };
    port?.leaveRest();
    destination.leaveRest();
    return [read];
  });
}

/** What a DestinationRule says of a host. */
export interface HostPolicy {
  readonly scheme: 'http' | 'https';
  /** Labels by subset, as text. */
  readonly subsets: ReadonlyMap<string, string>;
  /** Of an upstream in a catalogue file. */
  readonly terms: Readonly<Record<string, unknown>>;
}

/** What DestinationRules say, by host. */
export function readHostPolicies(rules: readonly IstioResource[]): ReadonlyMap<string, HostPolicy> {
  return new Map(rules.map(({ spec }) => [spec.text('host') ?? '', readHostPolicy(spec)]));
}

function readHostPolicy(spec: InputPart): HostPolicy {
  spec.ignore('host', 'exportTo');
  spec.leaveOut('workloadSelector', 'there are no workloads here.');
  const subsets = spec.parts('subsets').map((subset) => {
    const labels = subset.part('labels');
    subset.leaveOut('trafficPolicy', 'what holds for an upstream holds for all of its subsets.');
    const text = labels?.entries().map(([key, value]) => `${key}: ${String(value)}`) ?? [];
    const read = [subset.text('name') ?? '', text.join(', ')] as const;
    subset.leaveRest();
    return read;
  });
  const policy = spec.part('trafficPolicy');
  const read = policy ? readTrafficPolicy(policy) : { scheme: 'http' as const, terms: {} };
  spec.leaveRest();
  return { ...read, subsets: new Map(subsets) };
}

function readTrafficPolicy(policy: InputPart): Omit<HostPolicy, 'subsets'> {
  const balancing = readBalancing(policy.part('loadBalancer'));
  const pool = policy.part('connectionPool');
  const breaker = { ...outliers(policy), ...poolBounds(pool) };
  const scheme = schemeOf(policy);
  const tcp = pool?.part('tcp');
  const connectTimeoutMs = tcp && durationIn(tcp, 'connectTimeout', { least: 50, most: 60_000 });
  tcp?.leaveRest();
  pool?.leaveRest();
  policy.leaveRest();
  return {
    scheme,
    terms: {
      ...balancing,
      ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
      ...(Object.keys(breaker).length > 0 && { circuitBreaker: { consecutiveFailures: null, ...breaker } }),
    },
  };
}

function outliers(policy: InputPart): Record<string, number> {
  const part = policy.part('outlierDetection');
  if (!part) return {};
  const counts = ['consecutive5xxErrors', 'consecutiveGatewayErrors', 'consecutiveErrors'].map((key) =>
    part.count(key),
  );
  const consecutiveFailures = counts.find((count) => count !== undefined && count > 0) ?? 5;
  if (counts[1] !== undefined && counts[0] === undefined)
    part.report.changed(part.at('consecutiveGatewayErrors'), 'every 5xx counts, not 502, 503 and 504 only.');
  const openMs = durationIn(part, 'baseEjectionTime', { least: 100, most: 600_000 }) ?? 30_000;
  part.leaveOut('maxEjectionPercent', 'all targets of a subset may rest at a time: then its calls are refused.');
  part.leaveRest();
  return { consecutiveFailures: Math.min(1_000, consecutiveFailures), openMs };
}

function poolBounds(pool: InputPart | undefined): Record<string, number> {
  const http = pool?.part('http');
  const maxConcurrent = http?.count('http2MaxRequests');
  http?.leaveRest();
  return maxConcurrent === undefined || maxConcurrent === 0
    ? {}
    : { maxConcurrent: Math.min(1_000_000, maxConcurrent) };
}

function schemeOf(policy: InputPart): HostPolicy['scheme'] {
  const tls = policy.part('tls');
  const mode = tls?.text('mode') ?? 'DISABLE';
  if (mode === 'ISTIO_MUTUAL')
    policy.report.leftOut(
      tls!.at('mode'),
      'the certificates of the mesh are not here: the upstream must take plain HTTP.',
    );
  if (mode === 'MUTUAL')
    policy.report.leftOut(
      tls!.at('mode'),
      'its certificates are files of a sidecar: give the upstream tls.clientCertificate.',
    );
  tls?.leaveRest();
  return mode === 'SIMPLE' || mode === 'MUTUAL' ? 'https' : 'http';
}
