/** A path inside this portal, or the fallback: a link must not be able to send people elsewhere after signing in. */
export function safePath(path: string | undefined, fallback: string): string {
  if (!path || !path.startsWith('/')) return fallback;
  // Browsers read "//host" and "/\host" as another site, and drop tabs and line breaks before looking.
  if (/^\/[/\\]/.test(path) || /[\t\r\n]/.test(path)) return fallback;
  return path;
}

/** What the API takes for the way back of a link or of an identity provider. */
const plainPath = /^\/(?!\/)[\w\-./?=&%]{0,399}$/;

/** The way back to a path of this portal for whoever leaves it to sign in; by the sign-in page, where the path itself is not taken. */
export function wayBackTo(path: string | undefined): string {
  const target = safePath(path, '/dashboard');
  if (plainPath.test(target)) return target;
  const byWayOfSignIn = `/sign-in?redirect=${encodeURIComponent(target).replaceAll(/[!'()*~]/g, percentOf)}`;
  return plainPath.test(byWayOfSignIn) ? byWayOfSignIn : '/dashboard';
}

function percentOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** True for a page that the server writes itself: the router must leave it to the browser. */
export function isServerPage(path: string): boolean {
  return /^\/docs\/./.test(path);
}
