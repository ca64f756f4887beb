import type { InputPart } from '../input-part.js';
import { type IstioDestination, readDestinations } from './istio-destination.js';
import { durationIn } from './istio-duration.js';
import { type IstioMatch, type MatchOptions, readMatch } from './istio-match.js';
import { readRetries } from './istio-retries.js';

/** A route of HTTP of a VirtualService. */
export interface IstioRoute {
  readonly place: string;
  readonly name: string;
  /** Alternatives: one is enough. */
  readonly matches: readonly IstioMatch[];
  readonly destinations: readonly IstioDestination[];
  /** Null for none. */
  readonly retries: Readonly<Record<string, unknown>> | null;
  /** Undefined for no bound. */
  readonly timeoutMs: number | undefined;
  /** In the place of what was matched of the path; undefined where it stays. */
  readonly rewrite: string | undefined;
}

const CHANGES: Readonly<Record<string, string>> = {
  headers: 'header fields are changed by policies.transformations.',
  corsPolicy: 'pages of other origins are let in by policies.cors.',
  fault: 'faults are not made on purpose.',
  mirror: 'calls are not sent twice.',
  mirrors: 'calls are not sent twice.',
  mirrorPercentage: 'calls are not sent twice.',
};

/** A route; null for one that sends calls nowhere that a catalogue can say, which is told. */
export function readRoute(part: InputPart, index: number, options: MatchOptions): IstioRoute | null {
  const { report } = part;
  const answered = ['redirect', 'directResponse', 'delegate'].find((key) => part.any(key) !== undefined);
  const alternatives = part.parts('match');
  const matches = alternatives.map((one) => readMatch(one, options)).filter((one) => one !== null);
  const destinations = readDestinations(part);
  const retries = readRetries(part);
  const timeoutMs = durationIn(part, 'timeout', { least: 50, most: 600_000 });
  if (timeoutMs !== undefined)
    report.changed(part.at('timeout'), 'until the head of the answer; after that idleTimeoutMs bounds its pauses.');
  const rewrite = part.part('rewrite');
  rewrite?.leaveOut('authority', 'the upstream gets its own name as Host.');
  const uri = rewrite?.text('uri');
  rewrite?.leaveRest();
  for (const [key, why] of Object.entries(CHANGES)) part.leaveOut(key, why);
  const name = part.text('name') ?? `route-${index + 1}`;
  part.leaveRest();
  if (answered !== undefined) {
    report.leftOut(part.place, `a route with ${answered} is left out: calls go to the next one that matches.`);
    return null;
  }
  if (alternatives.length > 0 && matches.length === 0) return null;
  if (destinations.every(({ weight }) => weight === 0)) {
    report.leftOut(part.place, 'it has no destination.');
    return null;
  }
  const everything: IstioMatch = { uri: null, conditions: {} };
  const found = matches.length === 0 ? [everything] : matches;
  return { place: part.place, name, matches: found, destinations, retries, timeoutMs, rewrite: uri };
}
