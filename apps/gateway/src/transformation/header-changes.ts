import type { FieldChanges } from '#domain';
import { ValueTemplate, type Variables } from './variables.js';

/** Changes of header fields, made once for each operation. Names are in lower case. */
export class HeaderChanges {
  private readonly removed: ReadonlySet<string>;
  private readonly renamed: ReadonlyMap<string, string>;
  private readonly set: readonly (readonly [string, ValueTemplate])[];
  private readonly added: readonly (readonly [string, ValueTemplate])[];

  constructor({ remove = [], rename = {}, set = {}, add = {} }: FieldChanges) {
    this.set = templates(set);
    this.added = templates(add);
    this.removed = new Set(remove.map((name) => name.toLowerCase()));
    this.renamed = new Map(Object.entries(rename).map(([from, to]) => [from.toLowerCase(), to.toLowerCase()]));
  }

  /**
   * Changes fields given as name, value, name, value; returns the new list. Path parameters are put percent-encoded, so
   * that no value can end its line.
   */
  applyTo(headers: readonly string[], variables: Variables): string[] {
    const changed: string[] = [];
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index]!;
      if (this.removed.has(name)) continue;
      const newName = this.renamed.get(name) ?? name;
      if (this.set.some(([other]) => other === newName)) continue;
      changed.push(newName, headers[index + 1]!);
    }
    for (const [name, value] of this.set) changed.push(name, value.render(variables, 'as_in_path'));
    for (const [name, value] of this.added) changed.push(name, value.render(variables, 'as_in_path'));
    return changed;
  }
}

function templates(values: Readonly<Record<string, string>>): readonly (readonly [string, ValueTemplate])[] {
  return Object.entries(values).map(([name, text]) => [name.toLowerCase(), new ValueTemplate(text)]);
}
