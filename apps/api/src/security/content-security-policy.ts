const COMMON = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
};

/** The portal loads nothing from elsewhere, and calls nothing but itself and the gateway, for trying out a call. */
export function portalContentSecurityPolicy(gatewayUrl: string): string {
  const gateway = new URL(gatewayUrl).origin;
  return render({ ...COMMON, 'font-src': "'self'", 'manifest-src': "'self'", 'connect-src': `'self' ${gateway}` });
}

/** Documentation pages show what others wrote: nothing runs but our own scripts, nothing is fetched from elsewhere. */
export function docsContentSecurityPolicy(): string {
  return render({ ...COMMON, 'font-src': "'self' data:" });
}

/** For pictures that others have made: opened by themselves they can load and run nothing. */
export const IMAGE_CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/** For everything that is no page. */
export const API_CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'";

function render(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
