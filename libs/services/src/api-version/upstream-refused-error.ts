import { InvalidError } from '#domain';
import type { UpstreamInFileFault } from '../catalog/upstream-in-file-faults.js';

/** An upstream that cannot be as it was written down, with each place in it and what is expected there. */
export class UpstreamRefusedError extends InvalidError {
  /** `version` is the one that it is of, as "api/version". */
  constructor(
    version: string,
    readonly faults: readonly UpstreamInFileFault[],
  ) {
    super('upstream_refused', faults.map(({ path, message }) => `${version}.upstream.${path}: ${message}`).join('\n'));
  }
}
