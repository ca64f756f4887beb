import type { QueryClient } from '@tanstack/react-query';
import type { createPortalRouter } from '../router/router.js';

type Router = ReturnType<typeof createPortalRouter>;

/** What the server has sent stays at most so long. */
const MOST_MS = 8_000;

/**
 * Where the application is drawn. On a page whose content the server has sent, that is a place beside it, which takes its place as soon as the
 * page is there with all that it has asked for: nothing goes blank meanwhile, and nothing moves twice.
 */
export function placeOfApplication(root: HTMLElement, router: Router, queryClient: QueryClient): HTMLElement {
  if (root.childElementCount === 0) return root;
  const place = document.createElement('div');
  void settled(router, queryClient).then(() => {
    const { activeElement } = document;
    const focused = activeElement && root.contains(activeElement) ? counterpartOf(activeElement, place) : null;
    place.id = root.id;
    root.replaceWith(place);
    focused?.focus({ preventScroll: true });
  });
  forgetWhenLeft(router);
  return place;
}

/** What has the focus in the page that was sent, in the application: the same by its id, or a link to the same place. */
function counterpartOf(focused: Element, place: HTMLElement): HTMLElement | null {
  if (focused.id !== '') return place.querySelector(`#${CSS.escape(focused.id)}`);
  const href = focused.getAttribute('href');
  return href === null ? null : place.querySelector(`a[href="${CSS.escape(href)}"]`);
}

/** Resolves when the first page is resolved and nothing is being read for it, or after a while. */
function settled(router: Router, queryClient: QueryClient): Promise<void> {
  return new Promise((resolve) => {
    const isSettled = () =>
      router.state.status === 'idle' && router.state.resolvedLocation && !queryClient.isFetching();
    const check = () => {
      // What was answered is drawn in the next frame, and may ask for more.
      if (isSettled()) requestAnimationFrame(() => requestAnimationFrame(() => isSettled() && finish()));
    };
    const ends = [router.subscribe('onRendered', check), queryClient.getQueryCache().subscribe(check)];
    const late = window.setTimeout(() => finish(), MOST_MS);
    const finish = () => {
      window.clearTimeout(late);
      ends.forEach((end) => end());
      resolve();
    };
    check();
  });
}

/** What the head says of the page that was sent does not hold for the next one. */
function forgetWhenLeft(router: Router): void {
  const end = router.subscribe('onResolved', ({ fromLocation, pathChanged }) => {
    if (fromLocation === undefined || !pathChanged) return;
    document.head.querySelectorAll('[data-sent]').forEach((element) => element.remove());
    end();
  });
}
