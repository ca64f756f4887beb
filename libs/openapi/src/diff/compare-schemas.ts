import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject, type JsonValue } from '../document/json-value.js';
import type { Direction } from './document-change.js';
import { isSeen, type SchemaDifference, shapeDifferences } from './schema-rules.js';
import { type SchemaShape, SchemaShapes, type SchemaVariant } from './schema-shape.js';

/** Comparing stops here: beyond, a document is made to be slow. */
const MAX_STEPS = 3_000_000;

/** Two schemas that stand at the same place. */
interface Pair {
  readonly from: JsonValue;
  readonly to: JsonValue;
}

/** What is found at one pair, and the pairs below it. */
interface Comparison {
  readonly differences: readonly SchemaDifference[];
  readonly below: readonly { readonly path: string; readonly key: string; readonly pair: Pair }[];
}

/** Compares schemas of two documents. Each pair of schemas is looked at once for each direction, however often it is referred to. */
export class SchemaComparer {
  private readonly from: SchemaShapes;
  private readonly to: SchemaShapes;
  private readonly comparisons = new Map<string, Comparison>();
  private steps = 0;

  constructor(from: JsonObject, to: JsonObject) {
    this.from = new SchemaShapes(from);
    this.to = new SchemaShapes(to);
  }

  /** True when comparing stopped early, so that differences may be missing. */
  get isCutShort(): boolean {
    return this.steps > MAX_STEPS;
  }

  /**
   * Every difference between two schemas in values that callers send or read, at its shortest path. Cycles end where they
   * come back to a pair of schemas that was seen. An absent schema allows anything.
   */
  compare(from: JsonValue | undefined, to: JsonValue | undefined, direction: Direction): SchemaDifference[] {
    if (from === undefined && to === undefined) return [];
    const root = this.link('', { from: from ?? true, to: to ?? true });
    const found: SchemaDifference[] = [];
    const seen = new Set([root.key]);
    const pending = [root];
    for (let index = 0; index < pending.length && !this.isCutShort; index += 1) {
      const { path, key, pair } = pending[index]!;
      this.steps += 1;
      const { differences, below } = this.at(key, pair, direction);
      for (const difference of differences) found.push({ ...difference, path: path + difference.path });
      for (const child of below) {
        if (seen.has(child.key)) continue;
        seen.add(child.key);
        pending.push({ ...child, path: path + child.path });
      }
    }
    return found;
  }

  private at(key: string, pair: Pair, direction: Direction): Comparison {
    const place = `${direction} ${key}`;
    const known = this.comparisons.get(place);
    if (known) return known;
    const made = this.make(pair, direction);
    this.comparisons.set(place, made);
    return made;
  }

  private link(path: string, { from, to }: Pair): Comparison['below'][number] {
    const pair = { from: this.from.targetOf(from), to: this.to.targetOf(to) };
    return { path, pair, key: `${this.from.idOf(pair.from)}:${this.to.idOf(pair.to)}` };
  }

  private make({ from, to }: Pair, direction: Direction): Comparison {
    const [before, after] = [this.from.of(from), this.to.of(to)];
    if ((before.variants.length === 0) !== (after.variants.length === 0)) {
      return { differences: [this.choiceDifference(from, before, to, after)], below: [] };
    }
    const differences = shapeDifferences(before, after);
    const below: Comparison['below'][number][] = [];
    const descend = (path: string, one: JsonValue | undefined, other: JsonValue | undefined): void => {
      if (one !== undefined && other !== undefined) below.push(this.link(path, { from: one, to: other }));
    };
    if (differences.some(({ rule }) => rule === 'type_changed')) return { differences, below };
    this.compareProperties(before, after, direction, differences, descend);
    if (isJsonObject(before.additional) && isJsonObject(after.additional)) {
      descend('.*', before.additional, after.additional);
    }
    descend('[]', before.items, after.items);
    const places = Math.max(before.prefixItems.length, after.prefixItems.length);
    for (let place = 0; place < places; place += 1) {
      descend(
        `[${place}]`,
        before.prefixItems[place] ?? before.items ?? true,
        after.prefixItems[place] ?? after.items ?? true,
      );
    }
    compareVariants(before.variants, after.variants, differences, descend);
    return { differences, below };
  }

  private compareProperties(
    before: SchemaShape,
    after: SchemaShape,
    direction: Direction,
    differences: SchemaDifference[],
    descend: (path: string, from: JsonValue | undefined, to: JsonValue | undefined) => void,
  ): void {
    const isSeenIn = (shapes: SchemaShapes, shape: SchemaShape, name: string) => {
      const schema = shape.properties.get(name);
      return schema !== undefined && isSeen(shapes.of(schema), direction);
    };
    for (const name of new Set([...before.properties.keys(), ...after.properties.keys()])) {
      const [was, is] = [isSeenIn(this.from, before, name), isSeenIn(this.to, after, name)];
      const path = `.${name}`;
      if (was && is) descend(path, before.properties.get(name), after.properties.get(name));
      else if (was) differences.push({ rule: 'property_removed', effect: 'either', path, message: 'removed' });
      else if (is) differences.push(addedProperty(after, name, path));
    }
  }

  /** One schema on one side, several to choose from on the other. */
  private choiceDifference(from: JsonValue, before: SchemaShape, to: JsonValue, after: SchemaShape): SchemaDifference {
    const isNew = after.variants.length > 0;
    const isAmong = isNew
      ? after.variants.some(({ schema }) => isDeepStrictEqual(from, this.to.targetOf(schema)))
      : before.variants.some(({ schema }) => isDeepStrictEqual(to, this.from.targetOf(schema)));
    const names = (isNew ? after : before).variants.map(({ name }) => name || 'unnamed').join(', ');
    return {
      rule: isNew ? 'choice_added' : 'choice_removed',
      effect: !isAmong ? 'either' : isNew ? 'wider' : 'narrower',
      path: '',
      message: `${isNew ? 'now' : 'no longer'} one of ${names}`,
    };
  }
}

function addedProperty(shape: SchemaShape, name: string, path: string): SchemaDifference {
  return shape.required.has(name)
    ? { rule: 'required_property_added', effect: 'narrower', path, message: 'added, required' }
    : { rule: 'property_added', effect: 'neutral', path, message: 'added' };
}

function compareVariants(
  before: readonly SchemaVariant[],
  after: readonly SchemaVariant[],
  differences: SchemaDifference[],
  descend: (path: string, from: JsonValue | undefined, to: JsonValue | undefined) => void,
): void {
  const left = [...after];
  const take = (index: number) => (index < 0 ? undefined : left.splice(index, 1)[0]);
  const unmatched: SchemaVariant[] = [];
  for (const variant of before) {
    const match = take(
      left.findIndex(({ name, schema }) =>
        variant.name === '' ? isDeepStrictEqual(variant.schema, schema) : name === variant.name,
      ),
    );
    if (match) descend(variant.name === '' ? '' : `<${variant.name}>`, variant.schema, match.schema);
    else unmatched.push(variant);
  }
  // Ways without a name that are no longer the same are taken to be the same in their order, when none came or went.
  if (unmatched.length === left.length && [...unmatched, ...left].every(({ name }) => name === '')) {
    unmatched.forEach(({ schema }, index) => descend(`<${index + 1}>`, schema, left[index]!.schema));
    return;
  }
  for (const { name } of unmatched) {
    differences.push({
      rule: 'choice_removed',
      effect: 'narrower',
      path: '',
      message: `choice ${name || 'unnamed'} removed`,
    });
  }
  for (const { name } of left) {
    differences.push({ rule: 'choice_added', effect: 'wider', path: '', message: `choice ${name || 'unnamed'} added` });
  }
}
