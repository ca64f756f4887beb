import { ConflictError, NotFoundError, TollgateError } from '#domain';
import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { RequestInvalidError, TooManyRequestsError } from './request-error.js';
import { toProblem } from './to-problem.js';

describe('toProblem', () => {
  it.each([
    [new NotFoundError('application'), 404, 'application_not_found'],
    [new ConflictError('already_subscribed', 'One at a time.'), 409, 'already_subscribed'],
    [new RequestInvalidError([{ path: 'body.name', message: 'is missing' }]), 400, 'invalid_request'],
    [new TooManyRequestsError(7), 429, 'too_many_requests'],
    [new NotFoundException('Cannot GET /x'), 404, 'route_not_found'],
    [Object.assign(new Error('too large'), { statusCode: 413 }), 413, 'body_too_large'],
  ])('tells what %s means', (error, status, code) => {
    expect(toProblem(error, 'r1')).toMatchObject({
      status,
      code,
      type: `urn:tollgate:problem:${code}`,
      requestId: 'r1',
    });
  });

  it.each([
    new Error('password=hunter2'),
    new TollgateError('secret_detail', 'hunter2'),
    'hunter2',
    Object.assign(new Error('hunter2'), { statusCode: 200 }),
  ])('tells nothing of our own failures but the request’s id', (error) => {
    const problem = toProblem(error, 'r1');
    expect(problem).toMatchObject({ status: 500, code: 'internal_error' });
    expect(problem.detail).toContain('r1');
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|secret_detail/);
  });
});
