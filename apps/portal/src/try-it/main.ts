import type { TryItInput } from './panel.js';

/**
 * The way in for documentation pages, which are no part of the application: loads the panel when it is first opened.
 * `onClose` is told when it is closed by whoever looks at it.
 */
export async function openTryIt(input: TryItInput, onClose: () => void): Promise<void> {
  const { showPanel } = await import('./show-panel.js');
  showPanel(input, onClose);
}

/** Closes the panel, if one is open, without telling anybody. */
export async function closeTryIt(): Promise<void> {
  const { hidePanel } = await import('./show-panel.js');
  hidePanel();
}
