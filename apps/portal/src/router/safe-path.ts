/** A path inside this portal, or the fallback: a link must not be able to send people elsewhere after signing in. */
export function safePath(path: string | undefined, fallback: string): string {
  if (!path || !path.startsWith('/')) return fallback;
  // Browsers read "//host" and "/\host" as another site, and drop tabs and line breaks before looking.
  if (/^\/[/\\]/.test(path) || /[\t\r\n]/.test(path)) return fallback;
  return path;
}

/** True for a page that the server writes itself: the router must leave it to the browser. */
export function isServerPage(path: string): boolean {
  return /^\/docs\/./.test(path);
}
