import { shown } from '../import-report.js';
import type { InputPart } from '../input-part.js';
import { readHealthChecks } from './kong-health-checks.js';

/** What an upstream of Kong says of targets, and of how they are used, as a catalogue file has it. */
export interface ImportedTargets {
  readonly targets: readonly { readonly target: string; readonly weight: number }[];
  readonly others: Readonly<Record<string, unknown>>;
}

const BALANCINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'round-robin': 'round-robin',
    'least-connections': 'least-requests',
    'consistent-hashing': 'consistent-hash',
  }),
);

export function readUpstream(part: InputPart): ImportedTargets {
  const { report } = part;
  part.ignore('id', 'name', 'tags', 'created_at', 'updated_at', 'slots');
  const algorithm = part.text('algorithm') ?? 'round-robin';
  const balancing = BALANCINGS.get(algorithm);
  if (balancing === undefined) report.changed(part.at('algorithm'), `${shown(algorithm)}: calls are shared in turn.`);
  const hashBy = balancing === 'consistent-hash' ? hashKeysOf(part) : [];
  part.ignore(
    'hash_on',
    'hash_fallback',
    'hash_on_header',
    'hash_fallback_header',
    'hash_on_cookie',
    'hash_on_cookie_path',
  );
  const health = readHealthChecks(part);
  const targets = part.parts('targets').flatMap((target) => {
    target.ignore('id', 'tags', 'created_at', 'updated_at');
    const place = target.text('target') ?? '';
    const weight = target.count('weight') ?? 100;
    target.leaveRest();
    if (weight > 0 && place !== '') return [{ target: /:\d+$/.test(place) ? place : hostAndPort(place, 8000), weight }];
    report.leftOut(target.place, `${shown(place)} has the weight 0, so it gets no calls.`);
    return [];
  });
  part.leaveRest();
  if (targets.length < 2) return { targets, others: health };
  switch (balancing) {
    case 'least-requests':
      return { targets, others: { balancing, ...health } };
    case 'consistent-hash':
      // Without a value to hash, Kong shares calls in turn.
      return { targets, others: { ...(hashBy.length > 0 && { balancing, hashBy }), ...health } };
    default:
      return { targets, others: health };
  }
}

type HashKey = string | Readonly<Record<string, string>>;

function hashKeysOf(part: InputPart): readonly HashKey[] {
  return [hashKeyOf(part, 'hash_on'), hashKeyOf(part, 'hash_fallback')].filter((key) => key !== undefined);
}

/** What calls are hashed by; undefined for nothing, or for what cannot be. */
function hashKeyOf(part: InputPart, key: 'hash_on' | 'hash_fallback'): HashKey | undefined {
  const { report } = part;
  const kind = part.text(key) ?? 'none';
  const header = part.text(`${key}_header`);
  // A cookie is named once, for both.
  const cookie = part.text('hash_on_cookie');
  switch (kind) {
    case 'none':
      return undefined;
    case 'consumer':
      return 'application';
    case 'ip':
      return 'client-address';
    case 'header':
      if (header !== undefined) return { header };
      break;
    case 'cookie':
      if (cookie === undefined) break;
      report.changed(part.at(key), 'Kong gives a caller the cookie when it has none; here the API must do that.');
      return { cookie };
    default:
  }
  report.leftOut(part.at(key), `calls are not hashed by ${shown(kind)}.`);
  return undefined;
}

export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}
