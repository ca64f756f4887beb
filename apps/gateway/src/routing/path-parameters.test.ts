import { describe, expect, it } from 'vitest';
import { PathParameters } from './path-parameters.js';

const valuesOf = (template: string, path: string) => Object.fromEntries(new PathParameters(template).valuesIn(path));

describe('PathParameters', () => {
  it('takes the values as the path has them', () => {
    expect(valuesOf('/users/{user}/files/{file}', '/users/ada/files/a%2Fb')).toEqual({ user: 'ada', file: 'a%2Fb' });
    expect(valuesOf('/', '/')).toEqual({});
  });

  it('takes several from one segment, each as short as the texts between them allow', () => {
    expect(valuesOf('/{name}.{ending}', '/a.b.c')).toEqual({ name: 'a', ending: 'b.c' });
    expect(valuesOf('/v{major}-{minor}.json', '/v1-2.json')).toEqual({ major: '1', minor: '2' });
  });

  it('takes none from a segment that does not match', () => {
    expect(valuesOf('/a/{id}.json', '/a/b.xml')).toEqual({});
  });
});
