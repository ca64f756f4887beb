import { z } from 'zod';

const GATEWAYS =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|via|x-(consumer|tollgate)-.*|tollgate-(?!token$).*)$/i;

/** The name of a header by which a publisher has something told to its upstream. */
export const ownHeader = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/, 'expected a header name')
  .refine((name) => !GATEWAYS.test(name), 'this header is the gateway’s own');
