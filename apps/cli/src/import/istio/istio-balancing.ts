import { shown } from '../import-report.js';
import type { InputPart } from '../input-part.js';

const BALANCINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ROUND_ROBIN: 'round-robin',
    LEAST_REQUEST: 'least-requests',
    LEAST_CONN: 'least-requests',
  }),
);

/** How calls are shared among targets, as an upstream in a catalogue file says it; empty where nothing is said. */
export function readBalancing(part: InputPart | undefined): Readonly<Record<string, unknown>> {
  if (!part) return {};
  const simple = part.text('simple');
  const hash = part.part('consistentHash');
  const balancing = simple === undefined ? undefined : BALANCINGS.get(simple);
  if (simple !== undefined && balancing === undefined)
    part.report.changed(part.at('simple'), `${shown(simple)}: calls are shared in turn.`);
  part.leaveRest();
  if (hash) return hashing(hash);
  return balancing === undefined ? {} : { balancing };
}

function hashing(part: InputPart): Readonly<Record<string, unknown>> {
  const { report } = part;
  const header = part.text('httpHeaderName');
  const cookie = part.part('httpCookie');
  const name = cookie?.text('name');
  const byAddress = part.truth('useSourceIp') === true;
  part.leaveOut('httpQueryParameterName', 'calls are not hashed by a parameter of the query.');
  // How a hash finds its target is ours.
  part.ignore('ringHash', 'maglev', 'minimumRingSize');
  if (cookie?.any('ttl') !== undefined)
    report.changed(cookie.at('ttl'), 'Istio gives a caller the cookie when it has none; here the API must do that.');
  cookie?.ignore('path', 'attributes');
  cookie?.leaveRest();
  part.leaveRest();
  if (header !== undefined) return { balancing: 'consistent-hash', hashBy: [{ header }] };
  if (name !== undefined) return { balancing: 'consistent-hash', hashBy: [{ cookie: name }] };
  if (byAddress) return { balancing: 'consistent-hash', hashBy: ['client-address'] };
  report.changed(part.place, 'calls are shared in turn.');
  return {};
}
