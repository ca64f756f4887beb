import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { DataValidationCxt } from 'ajv/dist/types/index.js';
import { REFERENCE } from '../contract/api-contract.js';
import { linearPattern } from '../contract/linear-pattern.js';
import type { JsonValue } from '../document/json-value.js';
import { formats } from './formats.js';

/** References that one check may follow: what a value of a reasonable size needs, and no more time than a moment. */
const maxReferences = 20_000;
const maxReported = 20;

/** A place in a value and what is wrong there. */
export interface SchemaFault {
  readonly pointer: string;
  readonly message: string;
}

class TooComplexError extends Error {}

/**
 * Checks values against normalized schemas. A schema that is referred to is compiled when a value first leads there, each
 * by itself, so that no request waits for more than one of them at a time, and cycles are no matter.
 */
export class SchemaChecker {
  private readonly made = new Map<'first' | 'all', Ajv2020>();
  private readonly compiled = new Map<string, ValidateFunction>();
  private referencesLeft = 0;

  /** The schemas that are referred to: JSON texts by pointer. */
  constructor(private readonly schemas: Readonly<Record<string, string>>) {}

  /** What is wrong with a schema itself; null when values can be checked against it. */
  faultOf(schema: JsonValue): string | null {
    try {
      this.ajv('first').compile(schema as object | boolean);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** A function for values of one schema. `key` names the schema. */
  compile(schema: JsonValue, key: string): (value: unknown, wanted: 'first' | 'all') => readonly SchemaFault[] {
    if (schema === true) return () => [];
    return (value, wanted) => this.check(value, () => this.validatorOf(`${wanted} ${key}`, wanted, schema));
  }

  /** Compiles a schema as `compile` names it, so that the first value does not wait for it. Returns false when it cannot be. */
  prepare(schema: JsonValue, key: string, wanted: 'first' | 'all'): boolean {
    return schema === true || this.tryToCompile(`${wanted} ${key}`, wanted, schema);
  }

  /** The same for a schema that is referred to. */
  prepareReferred(pointer: string, wanted: 'first' | 'all'): boolean {
    return this.tryToCompile(`${wanted} ${pointer}`, wanted, this.schemaAt(pointer));
  }

  private tryToCompile(key: string, wanted: 'first' | 'all', schema: JsonValue): boolean {
    try {
      this.validatorOf(key, wanted, schema);
      return true;
    } catch {
      return false;
    }
  }

  private check(value: unknown, validatorOf: () => ValidateFunction): readonly SchemaFault[] {
    this.referencesLeft = maxReferences;
    try {
      const validator = validatorOf();
      return validator(value) ? [] : faultsOf(validator.errors ?? []);
    } catch (error) {
      // A value that is nested without end exhausts the stack; one that fits in too many ways the references.
      if (!(error instanceof TooComplexError || error instanceof RangeError)) throw error;
      return [{ pointer: '', message: 'is too complex to be checked' }];
    }
  }

  private validatorOf(key: string, wanted: 'first' | 'all', schema: JsonValue): ValidateFunction {
    const known = this.compiled.get(key);
    if (known) return known;
    const validator = this.ajv(wanted).compile(schema as object | boolean);
    this.compiled.set(key, validator);
    return validator;
  }

  private ajv(wanted: 'first' | 'all'): Ajv2020 {
    const known = this.made.get(wanted);
    if (known) return known;
    const ajv = new Ajv2020({
      strict: false,
      allErrors: wanted === 'all',
      validateSchema: false,
      meta: false,
      addUsedSchema: false,
      ownProperties: true,
      logger: false,
      formats,
      code: { regExp: linearRegExp },
    });
    for (const keyword of ['readOnly', 'uniqueItems']) ajv.removeKeyword(keyword);
    ajv.addKeyword({ keyword: 'readOnly', validate: isSent, errors: 'full' });
    ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', validate: hasUniqueItems, errors: 'full' });
    ajv.addKeyword({ keyword: REFERENCE, validate: this.follow(wanted), errors: 'full' });
    this.made.set(wanted, ajv);
    return ajv;
  }

  private follow(wanted: 'first' | 'all'): KeywordValidate {
    const validate: KeywordValidate = (pointer, value, _parent, context) => {
      if (--this.referencesLeft < 0) throw new TooComplexError();
      const key = `${wanted} ${String(pointer)}`;
      const validator = this.compiled.get(key) ?? this.validatorOf(key, wanted, this.schemaAt(String(pointer)));
      const isValid = validator(value, context) as boolean;
      validate.errors = validator.errors ?? [];
      return isValid;
    };
    return validate;
  }

  private schemaAt(pointer: string): JsonValue {
    const text = Object.hasOwn(this.schemas, pointer) ? this.schemas[pointer] : undefined;
    return text === undefined ? true : (JSON.parse(text) as JsonValue);
  }
}

interface KeywordValidate {
  (schema: unknown, value: unknown, parentSchema?: object, context?: DataValidationCxt): boolean;
  errors?: Partial<ErrorObject>[];
}

/** Fails wherever it is looked at: only the answer may have such a property. */
const isSent: KeywordValidate = (isReadOnly, _value, _parent, context) => {
  if (isReadOnly !== true) return true;
  isSent.errors = [fault(context, 'is read-only and must not be sent')];
  return false;
};

/** In the time of one pass, where comparing each with each would take hours for a list that is long enough. */
const hasUniqueItems: KeywordValidate = (isWanted, value, _parent, context) => {
  if (isWanted !== true) return true;
  const seen = new Set<string>();
  for (const item of value as readonly unknown[]) seen.add(canonicalText(item));
  if (seen.size === (value as readonly unknown[]).length) return true;
  hasUniqueItems.errors = [fault(context, 'must NOT have duplicate items')];
  return false;
};

function fault(context: DataValidationCxt | undefined, message: string): Partial<ErrorObject> {
  return { instancePath: context?.instancePath ?? '', message, params: {} };
}

function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The engine that ajv compiles patterns with. */
const linearRegExp = Object.assign(
  (pattern: string) => {
    const compiled = linearPattern(pattern);
    return { test: (text: string) => compiled === null || compiled.test(text), toString: () => pattern };
  },
  { code: 'linearRegExp' },
);

function faultsOf(errors: readonly ErrorObject[]): SchemaFault[] {
  const faults = errors.slice(0, maxReported).map((error) => ({
    pointer: error.instancePath,
    message: messageOf(error),
  }));
  return faults.filter((one, index) => faults.findIndex((other) => isSame(one, other)) === index);
}

function isSame(one: SchemaFault, other: SchemaFault): boolean {
  return one.pointer === other.pointer && one.message === other.message;
}

function messageOf({ message = 'does not fit', params }: ErrorObject): string {
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: unknown[] };
  if (additionalProperty !== undefined) return `${message}: "${additionalProperty.slice(0, 100)}"`;
  if (allowedValues !== undefined && allowedValues.length <= 20) return `${message}: ${JSON.stringify(allowedValues)}`;
  return message;
}
