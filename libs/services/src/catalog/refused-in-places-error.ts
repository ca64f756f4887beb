import { InvalidError } from '#domain';

/** Something that cannot be as it was written down, and where it stands in that. */
export interface PlacedFault {
  readonly path: string;
  readonly message: string;
}

/** A plan, a product or an upstream that cannot be as it was written down, with each place in it and what is expected there. */
export class RefusedInPlacesError extends InvalidError {
  /** `place` is where it is: it goes before the path of each fault in the message. */
  constructor(
    code: string,
    place: string,
    readonly faults: readonly PlacedFault[],
  ) {
    super(code, faults.map(({ path, message }) => `${place}.${path}: ${message}`).join('\n'));
  }
}
