import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '../document/json-value.js';
import type { Direction, SchemaEffect } from './document-change.js';
import { LOWER_BOUNDS, OTHER_RULES, type SchemaShape, UPPER_BOUNDS, WORDS } from './schema-shape.js';

/** A difference between two schemas, at the place itself or at a property of it. */
export interface SchemaDifference {
  readonly rule: string;
  readonly effect: SchemaEffect;
  /** Of the property, ".name"; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

const LONGEST_VALUE = 60;

/** What differs between two shapes, without looking into properties, items and ways that both have. */
export function shapeDifferences(from: SchemaShape, to: SchemaShape): SchemaDifference[] {
  const found = new Differences();
  const areComparable = compareTypes(found, from, to);
  if (areComparable) {
    compareValues(found, from, to);
    compareBounds(found, from, to);
    compareText(found, from, to);
    compareProperties(found, from, to);
    compareRest(found, from, to);
  }
  compareWords(found, from, to);
  return found.list;
}

/** The properties that callers send or read: they do not send what is read only, nor read what is written only. */
export function isSeen(shape: SchemaShape, direction: Direction): boolean {
  return direction === 'sent' ? !shape.isReadOnly : !shape.isWriteOnly;
}

class Differences {
  readonly list: SchemaDifference[] = [];

  add(rule: string, effect: SchemaEffect, message: string, path = ''): void {
    this.list.push({ rule, effect, path, message });
  }

  /** Something that is a rule where it is there. */
  addRule(name: string, from: JsonValue | undefined, to: JsonValue | undefined, words = name): void {
    if (isDeepStrictEqual(from, to)) return;
    if (from === undefined) this.add(`${name}_added`, 'narrower', `${words} ${shown(to)} added`);
    else if (to === undefined) this.add(`${name}_removed`, 'wider', `${words} ${shown(from)} removed`);
    else this.add(`${name}_changed`, 'either', `${words} ${shown(from)} → ${shown(to)}`);
  }
}

/** False when the types have nothing in common, so that nothing else can be compared. */
function compareTypes(found: Differences, from: SchemaShape, to: SchemaShape): boolean {
  const gone = typesBeyond(from.types, to.types);
  const added = typesBeyond(to.types, from.types);
  if (gone.length === 0 && added.length === 0) return true;
  const message = `type ${typeWords(from.types)} → ${typeWords(to.types)}`;
  const isDisjoint = gone.length > 0 && added.length > 0;
  const effect = isDisjoint ? 'either' : gone.length > 0 ? 'narrower' : 'wider';
  const isNullOnly = [...gone, ...added].every((type) => type === 'null');
  if (isNullOnly) found.add(gone.length > 0 ? 'null_refused' : 'null_allowed', effect, message);
  else found.add(isDisjoint ? 'type_changed' : gone.length > 0 ? 'type_narrowed' : 'type_widened', effect, message);
  return !isDisjoint;
}

/** The types of `one` that are none of `other`; each integer is a number. */
function typesBeyond(one: ReadonlySet<string> | null, other: ReadonlySet<string> | null): readonly string[] {
  if (other === null) return [];
  if (one === null) return ['any'];
  return [...one].filter((type) => !other.has(type) && !(type === 'integer' && other.has('number')));
}

function typeWords(types: ReadonlySet<string> | null): string {
  return types === null ? 'any' : [...types].join(' or ') || 'none';
}

function compareValues(found: Differences, from: SchemaShape, to: SchemaShape): void {
  if (from.values === null && to.values === null) return;
  if (from.values === null) return found.add('enum_added', 'narrower', `only ${valueList(to.values!)} allowed`);
  if (to.values === null)
    return found.add('enum_removed', 'wider', `any value allowed, not only ${valueList(from.values)}`);
  const [before, after] = [from.values, to.values];
  const gone = [...before].filter((value) => !after.has(value) && !isNullKnown(value, to));
  const added = [...after].filter((value) => !before.has(value) && !isNullKnown(value, from));
  if (gone.length > 0) found.add('enum_value_removed', 'narrower', `value ${valueList(gone)} removed`);
  if (added.length > 0) found.add('enum_value_added', 'wider', `value ${valueList(added)} added`);
}

/** Null among values is told of with the types. */
function isNullKnown(value: string, { types }: SchemaShape): boolean {
  return value === 'null' && types !== null;
}

function compareBounds(found: Differences, from: SchemaShape, to: SchemaShape): void {
  for (const [names, isLower] of [
    [LOWER_BOUNDS, true],
    [UPPER_BOUNDS, false],
  ] as const) {
    for (const name of names) {
      const [before, after] = [from.bounds.get(name), to.bounds.get(name)];
      if (before === after) continue;
      const isTighter = after !== undefined && (before === undefined || (isLower ? after > before : after < before));
      const message =
        before === undefined
          ? `${name} ${after} added`
          : after === undefined
            ? `${name} ${before} removed`
            : `${name} ${before} → ${after}`;
      found.add(isTighter ? 'bound_tightened' : 'bound_loosened', isTighter ? 'narrower' : 'wider', message);
    }
  }
  const [before, after] = [from.multipleOf ?? undefined, to.multipleOf ?? undefined];
  if (before !== undefined && after !== undefined && before !== after) {
    const effect = isMultiple(after, before) ? 'narrower' : isMultiple(before, after) ? 'wider' : 'either';
    found.add('multiple_of_changed', effect, `multipleOf ${before} → ${after}`);
  } else found.addRule('multiple_of', before, after, 'multipleOf');
}

function isMultiple(value: number, of: number): boolean {
  return of > 0 && Math.abs(value / of - Math.round(value / of)) < 1e-9;
}

/** Formats of which each value of the first is one of the second. */
const WIDER_FORMATS: Readonly<Record<string, string>> = { int32: 'int64', float: 'double' };

function compareText(found: Differences, from: SchemaShape, to: SchemaShape): void {
  const [before, after] = [from.format ?? undefined, to.format ?? undefined];
  const message = `format ${before} → ${after}`;
  if (before !== undefined && after !== undefined && before !== after) {
    if (WIDER_FORMATS[before] === after) found.add('format_widened', 'wider', message);
    else if (WIDER_FORMATS[after] === before) found.add('format_narrowed', 'narrower', message);
    else found.add('format_changed', 'either', message);
  } else found.addRule('format', before, after);
  const patterns = (shape: SchemaShape) =>
    shape.patterns.length > 0 ? shape.patterns.toSorted().join(' and ') : undefined;
  found.addRule('pattern', patterns(from), patterns(to));
  if (from.isUnique !== to.isUnique) {
    if (to.isUnique) found.add('unique_items_added', 'narrower', 'items must be unique now');
    else found.add('unique_items_removed', 'wider', 'items need not be unique any more');
  }
}

function compareProperties(found: Differences, from: SchemaShape, to: SchemaShape): void {
  const isOpen = to.additional !== false;
  if (from.additional === false && isOpen) {
    found.add('additional_properties_allowed', 'neutral', 'other properties are allowed now');
  } else if (from.additional !== false && !isOpen) {
    found.add('additional_properties_refused', 'narrower', 'other properties are not allowed any more');
  }
  const names = new Set([...from.required, ...to.required]);
  for (const name of names) {
    const [before, after] = [from.required.has(name), to.required.has(name)];
    if (before === after || !isKnownToBoth(name, from, to)) continue;
    if (after) found.add('property_required', 'narrower', 'is now required', `.${name}`);
    else found.add('property_optional', 'wider', 'is no longer required', `.${name}`);
  }
}

/** Properties that come or go are told of as such. */
function isKnownToBoth(name: string, from: SchemaShape, to: SchemaShape): boolean {
  return from.properties.has(name) === to.properties.has(name);
}

function compareRest(found: Differences, from: SchemaShape, to: SchemaShape): void {
  for (const rule of OTHER_RULES) found.addRule('rule', from.others.get(rule), to.others.get(rule), `rule "${rule}"`);
  if (from.discriminator !== to.discriminator) {
    const words = (name: string | null) => (name === null ? 'none' : `"${name}"`);
    found.add(
      'discriminator_changed',
      'either',
      `discriminator ${words(from.discriminator)} → ${words(to.discriminator)}`,
    );
  }
  if (!isDeepStrictEqual(from.defaultValue, to.defaultValue)) {
    found.add('default_changed', 'omission', `default ${shown(from.defaultValue)} → ${shown(to.defaultValue)}`);
  }
  if (from.isDeprecated !== to.isDeprecated) {
    found.add('deprecation_changed', 'neutral', to.isDeprecated ? 'is now deprecated' : 'is no longer deprecated');
  }
}

function compareWords(found: Differences, from: SchemaShape, to: SchemaShape): void {
  const changed = WORDS.filter((word) => !isDeepStrictEqual(wordsAt(from, word), wordsAt(to, word)));
  if (changed.length > 0) found.add('words_changed', 'docs', `${changed.join(', ')} changed`);
}

/** 3.1 writes a list of examples where 3.0 has one. */
function wordsAt({ words }: SchemaShape, word: string): JsonValue | undefined {
  if (word === 'example') return undefined;
  if (word !== 'examples') return words.get(word);
  const single = words.get('example');
  return words.get('examples') ?? (single === undefined ? undefined : [single]);
}

function valueList(values: Iterable<string>): string {
  const list = [...values];
  const texts = list.slice(0, 8).map((text) => cut(text));
  return texts.join(', ') + (list.length > 8 ? ` and ${list.length - 8} more` : '');
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? 'none' : cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}
