import { type Transaction, findApi, findApiProduct, listPublisherTeamsOfUser } from '#persistence';
import type { CatalogFile } from './catalog-file.js';
import { CatalogRefusedError, faultInWords } from './catalog-refused-error.js';
import type { PlacedFault } from './refused-in-places-error.js';

/**
 * Holds a file against what a person may apply: APIs, products and coupons of their own publisher teams, and nothing that is
 * the operator's.
 * @throws CatalogRefusedError `catalog_not_own` that names every part that is not theirs; somebody else's is told as what does not exist
 */
export async function requireOwnParts(
  transaction: Transaction,
  file: CatalogFile,
  publisherUserId: string,
): Promise<void> {
  const faults: PlacedFault[] = [];
  const teams = await listPublisherTeamsOfUser(transaction, publisherUserId);
  const ofOthers = ({ publisherTeamId }: { readonly publisherTeamId: string }) =>
    teams.every(({ id }) => id !== publisherTeamId);
  const refuse = (path: string, message: string) => void faults.push({ path, message });
  const requireTeam = (place: string, publisher: string) => {
    if (teams.every(({ slug }) => slug !== publisher))
      refuse(`${place}.publisher`, `you do not belong to a publisher team "${publisher}".`);
  };
  if (file.seller) refuse('seller', 'sellers and their tax rates are the operator’s; leave it out.');
  for (const index of file.sellers.keys())
    refuse(`sellers.${index}`, 'sellers and their tax rates are the operator’s; leave it out.');
  for (const [index, { slug, name, seller }] of file.publishers.entries()) {
    const current = teams.find((team) => team.slug === slug);
    if (current?.name !== name || (seller !== undefined && seller !== current.sellerSlug))
      refuse(`publishers.${index}`, 'teams are made and changed by the operator; leave it out.');
  }
  for (const [index, { slug, publisher }] of file.apis.entries()) {
    requireTeam(`apis.${index}`, publisher);
    const current = await findApi(transaction, slug);
    if (current && ofOthers(current))
      refuse(`apis.${index}`, `there is an API "${slug}" already: choose another short name.`);
  }
  for (const [index, { slug, publisher, apis }] of file.products.entries()) {
    requireTeam(`products.${index}`, publisher);
    const current = await findApiProduct(transaction, slug);
    if (current && ofOthers(current))
      refuse(`products.${index}`, `there is a product "${slug}" already: choose another short name.`);
    for (const api of new Set(apis)) {
      if (file.apis.some((one) => one.slug === api)) continue;
      const bundled = await findApi(transaction, api);
      if (!bundled || ofOthers(bundled)) refuse(`products.${index}.apis`, `your publisher teams have no API "${api}".`);
    }
  }
  for (const [index, { publisher }] of file.coupons.entries()) requireTeam(`coupons.${index}`, publisher);
  if (faults.length === 0) return;
  const lines = faults.map((fault) => faultInWords(file, fault));
  throw new CatalogRefusedError(
    'catalog_not_own',
    'The catalogue has parts that are not yours to change',
    faults,
    lines,
  );
}
