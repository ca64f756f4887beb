import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { type Root, createRoot } from 'react-dom/client';
import { createQueryClient } from '../api/query-client.js';
import { Panel, type TryItInput } from './panel.js';

const queryClient = createQueryClient();
let shown: { readonly root: Root; readonly place: HTMLElement; readonly others: readonly HTMLElement[] } | null = null;

/** Shows the panel for an operation, in the place of the one that is open. */
export function showPanel(input: TryItInput, onClose: () => void): void {
  hidePanel();
  const place = document.createElement('div');
  // A modal dialog makes the page under it inert; not every reader of pages knows that, so the page says it as well.
  const others = [...document.body.children].filter((one) => one instanceof HTMLElement && !one.inert) as HTMLElement[];
  for (const other of others) other.inert = true;
  document.body.append(place);
  const root = createRoot(place);
  shown = { root, place, others };
  const close = () => {
    hidePanel();
    onClose();
  };
  root.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Panel input={input} onClose={close} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

export function hidePanel(): void {
  // First, so that the focus can go back to where it was.
  for (const other of shown?.others ?? []) other.inert = false;
  shown?.root.unmount();
  shown?.place.remove();
  shown = null;
}
