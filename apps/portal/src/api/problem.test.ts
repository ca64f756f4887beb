import { describe, expect, it } from 'vitest';
import { faultsByField, problemFrom, ProblemError, unreachable, wordsFor } from './problem.js';

describe('problemFrom', () => {
  it('keeps the code, the detail, the faults and the request id of a problem document', () => {
    const problem = problemFrom(409, {
      code: 'already_subscribed',
      detail: 'Trail Planner already has a subscription.',
      requestId: '0190',
      faults: [{ path: 'planVersionId', message: 'Choose another.' }, { path: 3 }],
    });
    expect(problem).toMatchObject({ status: 409, code: 'already_subscribed', requestId: '0190' });
    expect(problem.message).toBe('Trail Planner already has a subscription.');
    expect(problem.faults).toEqual([{ path: 'planVersionId', message: 'Choose another.' }]);
  });

  it('says something useful when the body is not a problem document', () => {
    expect(problemFrom(502, '<html>').message).toMatch(/try again/i);
    expect(problemFrom(429, null).message).toMatch(/wait/i);
    expect(problemFrom(418, []).code).toBe('http_418');
  });
});

describe('faultsByField', () => {
  it('gives the first message of each field, by the last part of its path', () => {
    const error = new ProblemError(400, 'invalid_input', 'No.', [
      { path: 'body.email', message: 'first' },
      { path: 'email', message: 'second' },
      { path: 'name', message: 'third' },
    ]);
    expect(faultsByField(error)).toEqual({ email: 'first', name: 'third' });
  });

  it('is empty for anything else', () => {
    expect(faultsByField(new Error('x'))).toEqual({});
  });
});

describe('wordsFor', () => {
  it('never shows the text of an unexpected error', () => {
    expect(wordsFor(new TypeError('undefined is not a function'))).not.toMatch(/undefined/);
    expect(wordsFor(unreachable(new TypeError('Failed to fetch')))).toMatch(/connection/);
  });
});
