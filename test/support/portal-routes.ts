import path from 'node:path';

const router = path.resolve(import.meta.dirname, '../../apps/portal/src/router/router.ts');

/** The paths of every page that the portal's own router knows, with `$name` for their parameters. */
export async function portalRoutes(): Promise<string[]> {
  // By a path: the portal has types of its own, which are those of browsers.
  const { createPortalRouter } = (await import(router)) as {
    createPortalRouter(this: void, client: null): { readonly routesByPath: object };
  };
  return Object.keys(createPortalRouter(null).routesByPath);
}
