import { readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A JSON Schema, draft 2020-12. */
export interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
}

export interface Endpoint {
  readonly method: string;
  /** With the names of its ids in braces. */
  readonly path: string;
  readonly params: Schema | null;
  readonly response: Schema | null;
  /** True where the answer is a list of what `response` describes. */
  readonly isList: boolean;
}

export interface StripeTypes {
  readonly endpoints: readonly Endpoint[];
  readonly $defs: Readonly<Record<string, Schema>>;
}

/** Numbers that have decimals. Of all others the declarations say `number`, and the API means a whole one. */
const fractional = new Set([
  'aggregated_value',
  'amount_percent',
  'application_fee_percent',
  'effective_percentage',
  'exchange_rate',
  'height',
  'latitude',
  'length',
  'longitude',
  'percent',
  'percent_off',
  'percentage',
  'rate',
  'score',
  'weight',
  'width',
]);

/** Derives what the published `stripe` package declares of its endpoints. `folder` is where the package lies. */
export function deriveStripeTypes(folder: string): StripeTypes {
  const resources = path.join(folder, 'cjs/resources');
  const files = readdirSync(resources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.d.ts') && path.basename(name) !== 'index.d.ts')
    .map((name) => path.join(resources, name));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    types: [],
  });
  const converter = new Converter(program.getTypeChecker(), resources);
  const endpoints = files.flatMap((file) => converter.endpointsOf(program.getSourceFile(file)!));
  return { endpoints, $defs: Object.fromEntries(converter.definitions) };
}

class Converter {
  readonly definitions = new Map<string, Schema>();

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly resources: string,
  ) {}

  /** The endpoints of the resource that a file declares. Method and path are in the code beside the declarations. */
  endpointsOf(declarations: ts.SourceFile): Endpoint[] {
    const requests = requestsOf(declarations.fileName.replace(/\.d\.ts$/, '.js'));
    const classes = declarations.statements.filter(ts.isClassDeclaration);
    return classes.flatMap(({ members }) =>
      members.filter(ts.isMethodDeclaration).flatMap((method) => {
        const request = requests.get(method.name.getText(declarations));
        return request ? [{ ...request, ...this.typesOf(method, declarations) }] : [];
      }),
    );
  }

  private typesOf(method: ts.MethodDeclaration, file: ts.SourceFile): Pick<Endpoint, 'isList' | 'params' | 'response'> {
    const params = method.parameters.find(({ name }) => name.getText(file) === 'params');
    const answer = this.checker.getReturnTypeOfSignature(this.checker.getSignatureFromDeclaration(method)!);
    const name = answer.aliasSymbol?.name ?? answer.symbol.name;
    const isList = /ListPromise$|SearchResultPromise$/.test(name);
    const [inner] = answer.aliasTypeArguments ?? this.checker.getTypeArguments(answer as ts.TypeReference);
    return {
      params: params ? this.toSchema(this.checker.getTypeAtLocation(params)) : null,
      response: inner && !(inner.flags & ts.TypeFlags.Void) ? this.toSchema(withoutEnvelope(inner)) : null,
      isList,
    };
  }

  private toSchema(type: ts.Type): Schema {
    const { flags } = type;
    if (type.aliasSymbol?.name === 'Decimal' || type.symbol?.name === 'DecimalImpl') return { type: 'string' };
    if (flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLiteral)) {
      return { const: (type as ts.LiteralType).value };
    }
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.String) return { type: 'string' };
    if (flags & ts.TypeFlags.Number) return { type: 'number' };
    if (flags & ts.TypeFlags.BigInt) return { type: ['integer', 'string'] };
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isUnion()) return this.unionSchema(type.types);
    if (type.isIntersection()) {
      const isText = type.types.some((part) => part.flags & ts.TypeFlags.String);
      return isText ? { type: 'string' } : { allOf: type.types.map((part) => this.toSchema(part)) };
    }
    if (this.checker.isArrayType(type)) {
      return { type: 'array', items: this.toSchema(this.checker.getTypeArguments(type as ts.TypeReference)[0]!) };
    }
    if (!(flags & ts.TypeFlags.Object)) return {};
    return this.objectSchema(type);
  }

  /**
   * Where the package leaves an enumeration open, the names that it has are still all that the API of its version
   * answers: the schema is closed.
   */
  private unionSchema(types: readonly ts.Type[]): Schema {
    const present = types.filter(({ flags }) => !(flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)));
    const literals = present.filter(({ flags }) => flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLiteral));
    const booleans = present.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
    const rest = present.filter(
      (type) => !literals.includes(type) && !booleans.includes(type) && !(literals.length > 0 && isOpenName(type)),
    );
    const parts = rest.map((type) => this.toSchema(type));
    if (literals.length > 0) parts.push({ enum: literals.map((type) => (type as ts.LiteralType).value) });
    if (booleans.length > 0) parts.push({ type: 'boolean' });
    return parts.length === 1 ? parts[0]! : { anyOf: parts };
  }

  private objectSchema(type: ts.Type): Schema {
    const { symbol } = type;
    if (symbol.name === 'Date') return { type: 'string' };
    if (symbol.name === 'ApiList' || symbol.name === 'ApiSearchResult') return this.listSchema(type);
    if (symbol.name === '__type' || symbol.declarations === undefined) return this.shapeOf(type);
    const name = this.nameOf(symbol);
    if (!this.definitions.has(name)) {
      // Types refer to each other in circles: the name is taken before the shape is known.
      this.definitions.set(name, {});
      this.definitions.set(name, this.shapeOf(type));
    }
    return { $ref: `#/$defs/${name}` };
  }

  private listSchema(type: ts.Type): Schema {
    const [element] = this.checker.getTypeArguments(type as ts.TypeReference);
    return {
      type: 'object',
      properties: {
        object: { const: 'list' },
        data: { type: 'array', items: this.toSchema(element!) },
        has_more: { type: 'boolean' },
        url: { type: 'string' },
      },
      required: ['object', 'data', 'has_more', 'url'],
    };
  }

  private shapeOf(type: ts.Type): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const property of type.getProperties()) {
      // What the SDK adds to an object is not in an answer.
      if (property.flags & ts.SymbolFlags.Method) continue;
      const propertyType = this.checker.getTypeOfSymbol(property);
      if (propertyType.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never)) continue;
      const schema = this.toSchema(propertyType);
      properties[property.name] = fractional.has(property.name) ? schema : withWholeNumbers(schema);
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const index = type.getStringIndexType();
    return { type: 'object', properties, required, additionalProperties: index ? this.toSchema(index) : false };
  }

  /** `Billing.Meters#Meter.DefaultAggregation`: the file, then the name with the namespaces that it is in. */
  private nameOf(symbol: ts.Symbol): string {
    const names: string[] = [];
    let each: ts.Symbol | undefined = symbol;
    while (each && !each.name.startsWith('"')) {
      names.unshift(each.name);
      each = (each as { parent?: ts.Symbol }).parent;
    }
    const file = symbol.declarations![0]!.getSourceFile().fileName;
    const place = path.relative(this.resources, file).replace(/\.d\.ts$/, '');
    return `${place.replaceAll(path.sep, '.')}#${names.join('.')}`;
  }
}

/** The method and path that each method of the resource requests, read from the code of the package. */
function requestsOf(file: string): Map<string, Pick<Endpoint, 'method' | 'path'>> {
  const requests = new Map<string, Pick<Endpoint, 'method' | 'path'>>();
  const source = ts.createSourceFile(file, ts.sys.readFile(file) ?? '', ts.ScriptTarget.ES2022, true);
  const visit = (node: ts.Node, method: string | undefined): void => {
    const name = ts.isMethodDeclaration(node) ? node.name.getText(source) : method;
    if (name !== undefined && ts.isCallExpression(node) && node.expression.getText(source) === 'this._makeRequest') {
      const [verb, url] = node.arguments;
      const known = url && pathOf(url, source);
      if (verb && known !== undefined && ts.isStringLiteral(verb))
        requests.set(name, { method: verb.text, path: known });
    }
    ts.forEachChild(node, (child) => visit(child, name));
  };
  visit(source, undefined);
  return requests;
}

/** Undefined for a path that the package is told at run time. */
function pathOf(node: ts.Expression, source: ts.SourceFile): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  const spans = node.templateSpans.map(({ expression, literal }) => {
    const id = /\((\w+)\)/.exec(expression.getText(source))?.[1] ?? 'id';
    return `{${id}}${literal.text}`;
  });
  return node.head.text + spans.join('');
}

function withoutEnvelope(type: ts.Type): ts.Type {
  return type.aliasSymbol?.name === 'Response' ? type.aliasTypeArguments![0]! : type;
}

/** `OtherString`: any name that a later version may add. */
function isOpenName(type: ts.Type): boolean {
  return type.isIntersection() && type.types.some(({ flags }) => flags & ts.TypeFlags.String);
}

function withWholeNumbers(schema: Schema): Schema {
  if (schema.type === 'number') return { ...schema, type: 'integer' };
  if (schema.anyOf) return { ...schema, anyOf: schema.anyOf.map(withWholeNumbers) };
  if (schema.items) return { ...schema, items: withWholeNumbers(schema.items) };
  return schema;
}
