import { InvalidError } from '#domain';
import { type ImportReport, shown } from './import-report.js';

/**
 * A mapping of a file to import, with its place. It knows which of its fields were read, so that what nobody has read can be
 * told. A field that is null is absent. Values of a wrong type are faults of the file, by place.
 */
export class InputPart {
  private readonly known = new Set<string>();

  private constructor(
    private readonly fields: Readonly<Record<string, unknown>>,
    readonly place: string,
    readonly report: ImportReport,
  ) {}

  /** @throws InvalidError `import_invalid` for anything but a mapping */
  static of(value: unknown, place: string, report: ImportReport): InputPart {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) throw fault(place, 'a mapping', value);
    return new InputPart(value as Record<string, unknown>, place, report);
  }

  /** The place of a field. */
  at(key: string): string {
    return this.place === '' ? shown(key) : `${this.place}.${shown(key)}`;
  }

  /** Whatever is there. */
  any(key: string): unknown {
    this.known.add(key);
    return (Object.hasOwn(this.fields, key) ? this.fields[key] : undefined) ?? undefined;
  }

  text(key: string): string | undefined {
    const value = this.any(key);
    if (value === undefined || typeof value === 'string') return value;
    throw fault(this.at(key), 'a text', value);
  }

  /** A whole number that is not negative. */
  count(key: string): number | undefined {
    const value = this.any(key);
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)) return value as number;
    throw fault(this.at(key), 'a whole number', value);
  }

  truth(key: string): boolean | undefined {
    const value = this.any(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw fault(this.at(key), 'true or false', value);
  }

  list(key: string): readonly unknown[] | undefined {
    const value = this.any(key);
    if (value === undefined || Array.isArray(value)) return value;
    throw fault(this.at(key), 'a list', value);
  }

  texts(key: string): readonly string[] | undefined {
    return this.list(key)?.map((value, index) => {
      if (typeof value === 'string') return value;
      throw fault(`${this.at(key)}[${index}]`, 'a text', value);
    });
  }

  part(key: string): InputPart | undefined {
    const value = this.any(key);
    return value === undefined ? undefined : InputPart.of(value, this.at(key), this.report);
  }

  /** The mappings of a list; each is named by its `name` where it has one, else by its number. */
  parts(key: string): readonly InputPart[] {
    return (this.list(key) ?? []).map((value, index) => {
      const part = InputPart.of(value, `${this.at(key)}[${index}]`, this.report);
      const { name } = part.fields;
      return typeof name === 'string'
        ? new InputPart(part.fields, `${this.at(key)}[${shown(name)}]`, this.report)
        : part;
    });
  }

  /** The entries of a mapping whose keys are names. */
  entries(): readonly (readonly [string, unknown])[] {
    return Object.entries(this.fields);
  }

  /** Of no meaning outside of where they come from: ids, times, tags. */
  ignore(...keys: readonly string[]): void {
    for (const key of keys) this.known.add(key);
  }

  /** Tells of a field that is there that it is left out, and why. */
  leaveOut(key: string, why: string): void {
    if (this.any(key) !== undefined) this.report.leftOut(this.at(key), why);
  }

  /** Tells of every field that nobody has read. */
  leaveRest(): void {
    for (const [key, value] of Object.entries(this.fields)) {
      if (this.known.has(key) || value === null || value === undefined) continue;
      this.report.leftOut(this.at(key), 'nothing here corresponds to it.');
    }
  }
}

function fault(place: string, expected: string, value: unknown): InvalidError {
  return new InvalidError('import_invalid', `${place || '(file)'}: expected ${expected}, found ${describe(value)}.`);
}

function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return shown(typeof value === 'string' ? value : JSON.stringify(value));
}
