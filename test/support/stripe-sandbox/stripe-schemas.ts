import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from './derive-schemas.js';
import { StripeShapes } from './stripe-shapes.js';

/** The shapes as ajv checks them: strictly, after some tenths of a second for each that it compiles. */
export class StripeSchemas extends StripeShapes {
  private static instance: StripeSchemas | undefined;

  /** The one of this process: what it has compiled serves all of its tests. */
  static get shared(): StripeSchemas {
    return (this.instance ??= new StripeSchemas());
  }

  private readonly ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    validateSchema: false,
    inlineRefs: false,
  });

  private readonly compiled = new Map<string, ValidateFunction>();

  private constructor() {
    super();
    this.ajv.addSchema({ $id: 'stripe', $defs: this.types.$defs });
  }

  protected override faults(schema: Schema, value: object): string[] {
    const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"stripe#/$defs/');
    let validate = this.compiled.get(text);
    if (validate === undefined) {
      validate = this.ajv.compile(JSON.parse(text) as object);
      this.compiled.set(text, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}
