const SCHEME = 'data-mantine-color-scheme';

/** Has a dark page printed as a light one, since paper is white and browsers leave grounds out. */
export function printAsLight(root: HTMLElement): void {
  let shown: string | null = null;
  window.addEventListener('beforeprint', () => {
    shown = root.getAttribute(SCHEME);
    root.setAttribute(SCHEME, 'light');
  });
  window.addEventListener('afterprint', () => {
    if (shown !== null) root.setAttribute(SCHEME, shown);
  });
}
