/** Changes of a JSON body as a transformation says them. */
export interface BodyWords {
  readonly maxBytes?: number;
  readonly remove?: readonly string[];
  readonly rename?: readonly RenamedField[];
  readonly set?: Readonly<Record<string, unknown>>;
  readonly template?: unknown;
  /** Of answers only. */
  readonly tooLarge?: 'pass' | 'refuse';
}

/** JSON pointers of a field before and after. */
export interface RenamedField {
  readonly from?: string;
  readonly to?: string;
}

/** A field that is set, as a row of the page. */
export interface SetField {
  readonly pointer: string;
  /** Whether `value` is the text itself, or JSON. */
  readonly as: 'text' | 'json';
  readonly value: string;
}

/** The same changes as the page edits them: values and the template are texts, which need not be JSON yet. */
export interface BodyForm extends Omit<BodyWords, 'set' | 'template'> {
  readonly set?: readonly SetField[];
  readonly template?: string;
}

/** Changes of a body as the page edits them. */
export function bodyForm({ set, template, ...others }: BodyWords): BodyForm {
  return {
    ...others,
    ...(set && { set: Object.entries(set).map(([pointer, value]) => ({ pointer, ...shown(value) })) }),
    ...(template !== undefined && { template: jsonText(template) }),
  };
}

/**
 * The changes as a transformation says them. Of two values for one pointer the last one is left.
 * @throws SyntaxError or RangeError where `jsonFault` has something to say of a value or the template.
 */
export function bodyWords({ set, template, ...others }: BodyForm): BodyWords {
  return {
    ...others,
    ...(set && {
      set: Object.fromEntries(
        set.map(({ pointer, as, value }) => [pointer, as === 'text' ? value : parsedJson(value)]),
      ),
    }),
    ...(template !== undefined && { template: parsedJson(template) }),
  };
}

/** What is wrong with a text that is to be JSON; undefined for nothing. */
export function jsonFault(text: string): string | undefined {
  try {
    parsedJson(text);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    return error instanceof RangeError ? reason : `This is not JSON: ${reason}`;
  }
}

/** A field for texts has one line; what is longer is shown as JSON. */
function shown(value: unknown): Omit<SetField, 'pointer'> {
  return typeof value === 'string' && !/[\r\n]/.test(value)
    ? { as: 'text', value }
    : { as: 'json', value: jsonText(value) };
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function parsedJson(text: string): unknown {
  return JSON.parse(text, wholeNumbers);
}

/** Browsers that do not tell how a number was written cannot tell of lost digits. */
function wholeNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value;
  const source = context?.source ?? '';
  const isCut = /^-?\d+$/.test(source) && String(value) !== source;
  if (Number.isFinite(value) && !(isCut && BigInt(value) !== BigInt(source))) return value;
  throw new RangeError(`The number ${source} has more digits than are kept: write it as a text, in quotation marks`);
}
