/**
 * An OpenAPI document as text, about 2.2 kB for each thing: two operations with parameters, bodies and examples, by tag, and
 * the schema that they share.
 */
export function documentOf(things) {
  const paths = {};
  const schemas = {};
  for (let index = 0; index < things; index++) {
    const properties = Object.fromEntries(
      Array.from({ length: 8 }, (_, place) => [
        `field${place}`,
        { type: 'string', description: `What field ${place} of thing ${index} holds, in a sentence.`, example: 'text' },
      ]),
    );
    schemas[`Thing${index}`] = { type: 'object', properties };
    const body = { content: { 'application/json': { schema: { $ref: `#/components/schemas/Thing${index}` } } } };
    const operation = (verb) => ({
      operationId: `${verb}Thing${index}`,
      tags: [`Group ${index % 20}`],
      summary: `${verb} thing ${index}`,
      description: 'A paragraph that says what the operation does, when to call it, and what it leaves alone. '.repeat(
        3,
      ),
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 200: { description: 'The thing', ...body } },
    });
    paths[`/things-${index}/{id}`] = { get: operation('read'), put: { ...operation('write'), requestBody: body } };
  }
  return JSON.stringify({ openapi: '3.1.0', info: { title: 'Big', version: '1' }, paths, components: { schemas } });
}
