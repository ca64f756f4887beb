import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { componentStyles } from './component-styles.js';
import { entryBudget } from './entry-budget.js';

const controlPlane = 'http://127.0.0.1:4000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), componentStyles(), entryBudget(240_000)],
  server: {
    port: 4100,
    // `/docs` itself is a page of the portal; what lies below it is rendered by the API.
    proxy: { '/api': controlPlane, '^/docs(-files)?/.+': controlPlane, '^/(brand|try-it)/': controlPlane },
  },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    emptyOutDir: true,
    rollupOptions: {
      input: { main: 'index.html', 'try-it': 'src/try-it/main.ts' },
      // Pages that the API writes load this one by its name.
      output: { entryFileNames: ({ name }) => (name === 'try-it' ? 'try-it/panel.js' : 'assets/[name]-[hash].js') },
      preserveEntrySignatures: 'exports-only',
    },
    // The preload polyfill would be an inline script, which the content security policy refuses.
    modulePreload: { polyfill: false },
    // Inlined fonts and images would need `data:` in the policy and could not be cached.
    assetsInlineLimit: 0,
  },
});
