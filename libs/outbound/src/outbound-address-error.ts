/** An address is one to which nobody may have Tollgate connect; nothing was sent. */
export class OutboundAddressError extends Error {
  readonly code = 'OUTBOUND_ADDRESS';

  constructor(host: string, address: string) {
    super(
      host === address
        ? `${address} may not be connected to`
        : `${host} leads to ${address}, which may not be connected to`,
    );
    this.name = new.target.name;
  }
}
