/** How many segments of a path the operations of a stand-in have. */
export const STAND_IN_DEPTH = 8;

/** HEAD is there wherever GET is. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * An OpenAPI document for an API of which there is none: every path of up to so many segments, with these methods or all. As
 * text, one line for each path, so that it is easily replaced.
 */
export function standInDocument(
  title: string,
  methods: readonly string[] = METHODS,
  mostSegments: number = STAND_IN_DEPTH,
): string {
  const names = Array.from({ length: mostSegments }, (_, index) => `s${index + 1}`);
  const operations = methods.map((method) => `${method.toLowerCase()}: {}`).join(', ');
  const paths = Array.from({ length: mostSegments + 1 }, (_, depth) => {
    const ofIt = names.slice(0, depth);
    const template = `/${ofIt.map((name) => `{${name}}`).join('/')}`;
    const parameters =
      depth === 0
        ? ''
        : `parameters: [${ofIt.map((name) => `{ $ref: '#/components/parameters/${name}' }`).join(', ')}], `;
    return `  ${template}: { ${parameters}${operations} }`;
  });
  return [
    'openapi: 3.1.0',
    `info: { title: ${JSON.stringify(title)}, version: '1', description: Any path. Put the document of your API in its place. }`,
    ...(mostSegments === 0 ? [] : ['components:', '  parameters:']),
    ...names.map((name) => `    ${name}: { name: ${name}, in: path, required: true, schema: { type: string } }`),
    'paths:',
    ...paths,
    '',
  ].join('\n');
}

export const STAND_IN_METHODS: readonly string[] = METHODS;
