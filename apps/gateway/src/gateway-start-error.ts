import { TollgateError } from '#domain';

/** The gateway cannot start; the message says what to do. */
export class GatewayStartError extends TollgateError {}
