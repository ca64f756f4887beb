import type { FieldChanges } from '#domain';
import { ValueTemplate, type Variables } from './variables.js';

/** Changes of query parameters, made once for each operation. What is not named stays byte for byte. */
export class QueryChanges {
  private readonly removed: ReadonlySet<string>;
  private readonly renamed: ReadonlyMap<string, string>;
  private readonly set: readonly (readonly [string, ValueTemplate])[];
  private readonly added: readonly (readonly [string, ValueTemplate])[];

  constructor({ remove = [], rename = {}, set = {}, add = {} }: FieldChanges) {
    this.removed = new Set(remove);
    this.renamed = new Map(Object.entries(rename));
    this.set = Object.entries(set).map(([name, text]) => [name, new ValueTemplate(text)]);
    this.added = Object.entries(add).map(([name, text]) => [name, new ValueTemplate(text)]);
  }

  /** Changes a query that is empty or begins with its question mark. */
  applyTo(query: string, variables: Variables): string {
    const changed: string[] = [];
    for (const pair of query === '' ? [] : query.slice(1).split('&')) {
      const equals = pair.indexOf('=');
      const rawName = equals === -1 ? pair : pair.slice(0, equals);
      const name = decodedName(rawName);
      if (this.removed.has(name)) continue;
      const newName = this.renamed.get(name);
      if (this.set.some(([other]) => other === (newName ?? name))) continue;
      changed.push(newName === undefined ? pair : encodeURIComponent(newName) + pair.slice(rawName.length));
    }
    for (const [name, value] of [...this.set, ...this.added]) {
      changed.push(`${encodeURIComponent(name)}=${encodeURIComponent(value.render(variables, 'decoded'))}`);
    }
    return changed.length === 0 ? '' : `?${changed.join('&')}`;
  }
}

/** The name that a form reader would see; one that is wrongly encoded is what it is. */
function decodedName(rawName: string): string {
  try {
    return decodeURIComponent(rawName.replaceAll('+', ' '));
  } catch {
    return rawName;
  }
}
