import { describe, expect, it } from 'vitest';
import { type FileContent, type TextFault, isFault, placeInWords, readFileText, withValues } from './file-text.js';

const text = `tollgate: 1
apis:
  - slug: tides
    versions:
      - name: v1
        document: docs/tides.yaml
        upstream:
          url: https://\${host}/\${host}
          credential: { header: x-secret, value: '\${secret}' }
        guides:
          - { slug: start, title: Start, text: 'file:start.md' }
      - name: v2
        document: |
          openapi: 3.1.0
          info: {}
products:
  - slug: tables
    description: costs $\${nothing}, file:not-one.md
    plans:
      - slug: pro
        prices:
          - meter: requests
            price: { model: per_unit, unitAmount: cheap }
`;

function contentOf(source: string): FileContent {
  const read = readFileText(source);
  if (isFault(read)) throw new Error(read.message);
  return read;
}

describe('the text of a catalogue file', () => {
  it('says which variables and files it needs, and which of them are for secrets', () => {
    const { variables, named } = contentOf(text);
    expect(variables).toEqual([
      { name: 'host', isSecret: false },
      { name: 'secret', isSecret: true },
    ]);
    expect(named).toEqual(['docs/tides.yaml', 'start.md']);
  });

  it('takes a variable for no secret that stands elsewhere too', () => {
    const elsewhere = text.replace('slug: start', "slug: '${secret}'");
    expect(contentOf(elsewhere).variables).toContainEqual({ name: 'secret', isSecret: false });
  });

  it('knows the line of a place, and of the nearest around one that is missing', () => {
    const { lineOf, tree } = contentOf(text);
    expect(lineOf('apis.0.versions.1.document')).toBe(13);
    expect(lineOf('products.0.plans.0.prices.0.price.unitAmount')).toBe(23);
    expect(lineOf('apis.0.versions.0.basePath')).toBe(5);
    expect(lineOf('places at the gateway')).toBe(1);
    expect(placeInWords(tree, 'products.0.plans.0.prices.0.price.unitAmount')).toBe(
      'products.tables.plans.pro.prices.requests.price.unitAmount',
    );
    expect(placeInWords(tree, 'coupons.0.percentOff')).toBe('coupons.0.percentOff');
  });

  it.each<readonly [string, string, TextFault]>([
    ['no YAML', 'tollgate: 1\napis: [', { line: 2, message: expect.stringMatching(/^This is not YAML: /) as string }],
    ['a list', '- tollgate', { line: 1, message: expect.stringContaining('"tollgate: 1"') as string }],
    ['nothing', '', { line: 1, message: expect.stringContaining('"tollgate: 1"') as string }],
    ['aliases', 'a: &x 1\nb: *x', { line: 1, message: expect.stringContaining('write out') as string }],
  ])('refuses %s with its line', (_, source, fault) => {
    expect(readFileText(source)).toEqual(fault);
  });

  it('names files by the values of variables, and leaves what has none', () => {
    expect(withValues('${stage}/${api}-$${api}.yaml', { stage: 'live', api: '' })).toBe('live/${api}-${api}.yaml');
  });

  it('reads JSON', () => {
    expect(contentOf('{ "tollgate": 1,\n "apis": [] }').lineOf('apis')).toBe(2);
  });
});
