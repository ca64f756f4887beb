import { InvalidError, type PlanFault } from '#domain';

/** A plan that cannot be as it was written down, with each place in it and what is expected there. */
export class PlanRefusedError extends InvalidError {
  /** `place` is where the plan is: it goes before the path of each fault in the message. */
  constructor(
    code: string,
    place: string,
    readonly faults: readonly PlanFault[],
  ) {
    super(code, faults.map(({ path, message }) => `${place}.${path}: ${message}`).join('\n'));
  }
}
