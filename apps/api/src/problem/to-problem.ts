import { STATUS_CODES } from 'node:http';
import { TollgateError } from '#domain';
import { CatalogRefusedError, RefusedInPlacesError, ReportRefusedError } from '#services';
import { HttpException } from '@nestjs/common';
import type { ProblemDocument } from './problem.schema.js';
import { STATUS_BY_KIND, codeOfStatus } from './problem-status.js';
import { type RequestFault, RequestInvalidError } from './request-error.js';

/** Of a report of a thousand events nobody reads all. */
const MAX_REPORT_FAULTS = 20;

/** What a caller is told about an error. Of our own failures nothing but the request's id. */
export function toProblem(error: unknown, requestId: string): ProblemDocument {
  const { status, code, detail } = explain(error);
  return {
    type: `urn:tollgate:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: status === 500 ? `Something failed on our side. Report it with the request id ${requestId}.` : detail,
    code,
    requestId,
    ...(error instanceof RequestInvalidError && { faults: [...error.faults] }),
    ...(error instanceof RefusedInPlacesError && { faults: error.faults.map(toPlacedFault) }),
    ...(error instanceof CatalogRefusedError && { faults: error.faults.map(toCatalogFault) }),
    ...(error instanceof ReportRefusedError && {
      faults: error.faults.slice(0, MAX_REPORT_FAULTS).map(toRequestFault),
    }),
  };
}

/** A fault in an event of a report, as one of the body: "body.3.data.quantities.tokens". */
function toRequestFault({ index, pointer, message }: ReportRefusedError['faults'][number]): RequestFault {
  return { path: `body.${index}${pointer.replaceAll('/', '.')}`, message };
}

/** A fault of a plan, a product or an upstream, as one of the body that is that: "body.prices.0.price.tiers.1.upTo". */
function toPlacedFault({ path, message }: { readonly path: string; readonly message: string }): RequestFault {
  return { path: `body.${path.replace(/\[(\d+)\]/g, '.$1')}`, message };
}

/** A fault of a catalogue file, which is a part of the body: "body.catalog.products.0.plans.1.prices.0". */
function toCatalogFault({ path, message }: { readonly path: string; readonly message: string }): RequestFault {
  return toPlacedFault({ path: path === '' ? 'catalog' : `catalog.${path}`, message });
}

function explain(error: unknown): { readonly status: number; readonly code: string; readonly detail: string } {
  if (error instanceof TollgateError) {
    const status = STATUS_BY_KIND[error.kind];
    return { status, code: status === 500 ? codeOfStatus(500) : error.code, detail: error.message };
  }
  const status = statusOf(error);
  const detail = error instanceof Error ? error.message : '';
  return { status, code: codeOfStatus(status), detail: status === 404 ? 'There is nothing at this address.' : detail };
}

/** Nest and Fastify throw errors of their own for requests that reach no handler. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
