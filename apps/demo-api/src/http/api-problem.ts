import { STATUS_CODES } from 'node:http';

/** One fault of a request, with the parameter that has it. */
export interface ParameterFault {
  readonly parameter: string;
  readonly message: string;
}

/** A refusal that becomes an RFC 9457 problem document. */
export class ApiProblem extends Error {
  readonly status: number;
  /** Stable; clients may match on it. */
  readonly code: string;
  readonly faults: readonly ParameterFault[];

  constructor(status: number, code: string, detail: string, faults: readonly ParameterFault[] = []) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.faults = faults;
  }

  /** The body of the answer. */
  toDocument(): Readonly<Record<string, unknown>> {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Unknown status',
      status: this.status,
      detail: this.message,
      code: this.code,
      ...(this.faults.length > 0 && { errors: this.faults }),
    };
  }
}
