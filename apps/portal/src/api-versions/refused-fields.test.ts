import { expect, it } from 'vitest';
import { ProblemError } from '../api/problem.js';
import { refusedFields } from './refused-fields.js';

it('takes faults to their fields', () => {
  const fault = { path: 'body.basePath', message: 'expected a path such as /atlas/v1' };
  expect(refusedFields(new ProblemError(400, 'invalid_request', 'Not as expected.', [fault]))).toEqual({
    basePath: 'expected a path such as /atlas/v1',
  });
  const ofHeader = { path: 'body.versionHeader.name', message: 'this header says something else' };
  expect(refusedFields(new ProblemError(400, 'invalid_request', 'Not as expected.', [ofHeader]))).toEqual({
    versionHeader: 'this header says something else',
  });
});

it('knows which field a code is about', () => {
  expect(refusedFields(new ProblemError(409, 'api_version_exists', 'Choose another name.'))).toEqual({
    name: 'Choose another name.',
  });
  expect(refusedFields(new ProblemError(409, 'place_taken', 'Taken.'))).toEqual({ basePath: 'Taken.' });
  expect(refusedFields(new ProblemError(400, 'upstream_refused', 'upstreamUrl: that is private.'))).toEqual({
    upstreamUrl: 'That is private.',
  });
  expect(refusedFields(new ProblemError(400, 'openapi_syntax', 'Neither YAML nor JSON.'))).toEqual({
    source: 'Neither YAML nor JSON.',
  });
});

it('leaves what is about no field to the form', () => {
  expect(refusedFields(new ProblemError(409, 'too_many_versions', 'Too many.'))).toEqual({});
  expect(refusedFields(new Error('broken'))).toEqual({});
  expect(refusedFields(null)).toEqual({});
});
