/**
 * Puts Redoc in the place of the outline that the server has sent; without a script, the outline stays. Links of the form
 * `#operation/getCountry`, which hold whatever an operation is filed under, are brought to where Redoc has the operation.
 */
export const REFERENCE_SCRIPT = `
const place = document.querySelector('#reference');
const address = place.dataset.document;
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

// As Redoc names its places: by tag and operation.
function slugOf(text) {
  return text.toLowerCase().trim().replace(/[^\\p{L}\\p{N}]+/gu, '-').replace(/^-|-$/g, '');
}

function placeOf(specification, operationId) {
  for (const item of Object.values(specification.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item?.[method];
      if (operation?.operationId !== operationId) continue;
      const [tag] = operation.tags ?? [];
      return '#/' + slugOf(typeof tag === 'string' ? tag : 'other') + '/' + operationId.toLowerCase();
    }
  }
  return undefined;
}

async function followOperationLink() {
  const [, encoded] = /^#operation\\/(.+)$/.exec(window.location.hash) ?? [];
  if (encoded === undefined) return;
  const found = placeOf(await (await fetch(address)).json(), decodeURIComponent(encoded));
  if (found) window.history.replaceState(null, '', found);
}

const [{ init }] = await Promise.all([import('/docs-files/redoc.js'), followOperationLink().catch(() => {})]);
const bar = document.querySelector('.bar');
const options = {
  disableTelemetry: true,
  hideDownloadButtons: true,
  sanitize: true,
  scrollYOffset: () => bar.offsetHeight,
};
init(address, options, place);
`;
