import { type GraphqlOperationPolicy, type GraphqlTranslationPolicy, type Route, parseJsonPointer } from '#domain';
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
  type VariableDefinitionNode,
  buildSchema,
  parse,
  validate,
} from 'graphql';
import { parseBinding } from '../binding.js';
import { type CompiledOperations, compileEachOperation } from '../each-operation.js';
import type { TranslationFault } from '../translation-fault.js';
import { type BoundVariable, GraphqlOperation, type VariableType } from './graphql-operation.js';

/** A document that is written by hand has no more. */
const maxTokens = 10_000;
/** Schemas of large services have some hundred thousand. */
const maxSchemaTokens = 1_000_000;

/** Checks the document of each operation, against the schema where there is one. */
export function compileGraphql(
  policy: GraphqlTranslationPolicy,
  routes: readonly Route[],
): CompiledOperations<GraphqlOperation> {
  const schema = policy.schema === undefined ? null : readSchema(policy.schema);
  if (typeof schema === 'string') return { operations: new Map(), faults: [{ path: ['schema'], message: schema }] };
  return compileEachOperation(policy.operations, routes, 'query', (definition, route) =>
    compileOperation(definition, policy, route, schema),
  );
}

function readSchema(text: string): GraphQLSchema | string {
  try {
    return buildSchema(text, { maxTokens: maxSchemaTokens });
  } catch (error) {
    return `this is no schema in GraphQL's schema language: ${(error as Error).message}`;
  }
}

function compileOperation(
  definition: GraphqlOperationPolicy,
  policy: GraphqlTranslationPolicy,
  route: Route,
  schema: GraphQLSchema | null,
): GraphqlOperation | TranslationFault[] {
  let document: DocumentNode;
  try {
    document = parse(definition.query, { maxTokens, noLocation: true });
  } catch (error) {
    return [{ path: ['query'], message: (error as Error).message }];
  }
  const operations = document.definitions.filter(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  );
  const [operation] = operations;
  if (operation === undefined || operations.length > 1)
    return [{ path: ['query'], message: `expected one query or mutation, there are ${operations.length}` }];
  if (operation.operation === 'subscription')
    return [{ path: ['query'], message: 'a subscription has no end: only queries and mutations are translated' }];
  const errors = schema === null ? [] : validate(schema, document);
  const faults: TranslationFault[] = errors.map(({ message }) => ({ path: ['query'], message }));
  const variables = boundVariables(operation.variableDefinitions ?? [], definition, route, faults);
  const result = parseJsonPointer(definition.result);
  if (typeof result === 'string') faults.push({ path: ['result'], message: result });
  if (faults.length > 0 || typeof result === 'string') return faults;
  const { query, nullStatus } = definition;
  const operationName = operation.name?.value ?? null;
  return new GraphqlOperation({ document: query, operationName, variables, result, nullStatus }, policy);
}

function boundVariables(
  declared: readonly VariableDefinitionNode[],
  { variables }: GraphqlOperationPolicy,
  route: Route,
  faults: TranslationFault[],
): readonly BoundVariable[] {
  const bound: BoundVariable[] = [];
  for (const [name, text] of Object.entries(variables)) {
    const definition = declared.find(({ variable }) => variable.name.value === name);
    const binding = parseBinding(text, route);
    const path = ['variables', name];
    if (!definition) faults.push({ path, message: `the query has no variable $${name}` });
    else if (typeof binding === 'string') faults.push({ path, message: binding });
    else bound.push({ name, binding, type: typeOf(definition) });
  }
  for (const definition of declared) {
    const { value: name } = definition.variable.name;
    if (typeOf(definition).isRequired && !Object.hasOwn(variables, name))
      faults.push({ path: ['variables', name], message: `$${name} is required: say where it comes from` });
  }
  return bound;
}

function typeOf({ type, defaultValue }: VariableDefinitionNode): VariableType {
  const isNonNull = type.kind === Kind.NON_NULL_TYPE;
  const nullable = isNonNull ? type.type : type;
  const isList = nullable.kind === Kind.LIST_TYPE;
  return { scalar: nameOf(type), isList, isRequired: isNonNull && defaultValue === undefined };
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
