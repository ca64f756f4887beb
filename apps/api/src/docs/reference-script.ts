/**
 * Runs on documentation pages. It sets the colour scheme that was chosen in the portal, switches versions, and puts
 * Redoc in the place of the outline that the server has sent; without a script, the outline stays.
 */
export const REFERENCE_SCRIPT = `
const root = document.documentElement;
const SCHEME_KEY = 'mantine-color-scheme-value';

function stored(key) {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // Storage can be switched off; the choice then lasts as long as the page.
  }
}

function show(scheme) {
  root.dataset.scheme = scheme;
  root.classList.toggle('dark', scheme === 'dark');
  root.classList.toggle('light', scheme !== 'dark');
  store('redoc.colorMode', scheme);
}

const chosen = stored(SCHEME_KEY);
const system = window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
show(chosen === 'light' || chosen === 'dark' ? chosen : system);

document.querySelector('#scheme').addEventListener('click', () => {
  const next = root.dataset.scheme === 'dark' ? 'light' : 'dark';
  store(SCHEME_KEY, next);
  show(next);
});

document.querySelector('#version').addEventListener('change', (event) => {
  window.location.assign(event.target.value);
});

const place = document.querySelector('#reference');
const { init } = await import('/docs-files/redoc.js');
const bar = document.querySelector('.bar');
const options = {
  disableTelemetry: true,
  hideDownloadButtons: true,
  sanitize: true,
  scrollYOffset: () => bar.offsetHeight,
};
init(place.dataset.document, options, place);
`;
