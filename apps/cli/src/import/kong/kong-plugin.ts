import { InputPart } from '../input-part.js';

/** What a plugin is of; the narrower wins, as in Kong. */
export type KongScope = 'route' | 'service' | 'global';

export interface KongPlugin {
  readonly name: string;
  readonly scope: KongScope;
  readonly place: string;
  readonly config: InputPart;
}

/** A reference of Kong's: a name, an id, or a mapping with one of them. */
export function referenceIn(part: InputPart, key: string): string | undefined {
  const value = part.any(key);
  if (value === undefined || typeof value === 'string') return value;
  const reference = InputPart.of(value, part.at(key), part.report);
  return reference.text('name') ?? reference.text('id') ?? reference.text('username');
}

/** Plugins of a list that are on; others are told of. */
export function readPlugins(parts: readonly InputPart[], scope: KongScope): KongPlugin[] {
  return parts.flatMap((part) => {
    const name = part.text('name') ?? '';
    part.ignore('id', 'tags', 'created_at', 'updated_at', 'instance_name', 'protocols', 'service', 'route');
    if (part.truth('enabled') === false) {
      part.report.leftOut(part.place, 'it is switched off.');
      return [];
    }
    for (const key of ['consumer', 'consumer_group']) {
      if (referenceIn(part, key) === undefined) continue;
      part.report.leftOut(part.place, `it is for one ${key.replace('_', ' ')}: give those a plan of their own.`);
      return [];
    }
    const config = InputPart.of(part.any('config') ?? {}, part.at('config'), part.report);
    part.leaveRest();
    return [{ name, scope, place: part.place, config }];
  });
}

/** The plugins that hold for a route: of each name the narrowest. */
export function effectivePlugins(plugins: readonly KongPlugin[]): readonly KongPlugin[] {
  const order: readonly KongScope[] = ['route', 'service', 'global'];
  const sorted = plugins.toSorted((one, other) => order.indexOf(one.scope) - order.indexOf(other.scope));
  return [...new Map(sorted.toReversed().map((plugin) => [plugin.name, plugin])).values()];
}
