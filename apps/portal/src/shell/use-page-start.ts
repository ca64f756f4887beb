import { useEffect } from 'react';

/** For what replaces a page at the same address, such as a form that was sent: it begins at its top, with the focus there, like a page that was gone to. */
export function usePageStart(): void {
  useEffect(() => {
    window.scrollTo({ top: 0 });
    document.getElementById('content')?.focus({ preventScroll: true });
  }, []);
}
