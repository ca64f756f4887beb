/** Runs on every documentation page. It sets the colour scheme that was chosen in the portal, and switches versions. */
export const FRAME_SCRIPT = `
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

// Paper is white.
let onScreen = root.dataset.scheme;
window.addEventListener('beforeprint', () => {
  onScreen = root.dataset.scheme;
  show('light');
});
window.addEventListener('afterprint', () => show(onScreen));

document.querySelector('#scheme').addEventListener('click', () => {
  const next = root.dataset.scheme === 'dark' ? 'light' : 'dark';
  store(SCHEME_KEY, next);
  show(next);
});

document.querySelector('#version')?.addEventListener('change', (event) => {
  window.location.assign(event.target.value);
});

// Where a change of the choice is enough, there need be no button; without a script there is one.
for (const form of document.querySelectorAll('form[data-sends-itself]')) {
  form.addEventListener('change', () => form.requestSubmit());
}
`;
