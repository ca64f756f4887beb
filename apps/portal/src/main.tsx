import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './theme/mantine-styles.js';
import '@mantine/notifications/styles.css';
import './theme/theme.css';
import './theme/prose.css';
import './theme/sent.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.js';
import { createPortalRouter } from './router/router.js';
import { placeOfApplication } from './shell/sent-page.js';
import { printAsLight } from './theme/paper.js';
import { cssVariables, theme } from './theme/theme.js';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');

const queryClient = createQueryClient();
const router = createPortalRouter(queryClient);

// A page that the browser kept while its person was elsewhere, such as at the payment provider, shows what was then.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload();
});

printAsLight(document.documentElement);

createRoot(placeOfApplication(root, router, queryClient)).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
