import { InvalidError } from '#domain';
import { type Transaction, findApi, findApiProduct, listPublisherTeamsOfUser } from '#persistence';
import type { CatalogFile } from './catalog-file.js';

/**
 * Holds a file against what a person may apply: APIs, products and coupons of their own publisher teams, and nothing that is
 * the operator's.
 * @throws InvalidError `catalog_not_own` that names every part that is not theirs; somebody else's is told as what does not exist
 */
export async function requireOwnParts(
  transaction: Transaction,
  file: CatalogFile,
  publisherUserId: string,
): Promise<void> {
  const faults: string[] = [];
  const teams = await listPublisherTeamsOfUser(transaction, publisherUserId);
  const ofOthers = ({ publisherTeamId }: { readonly publisherTeamId: string }) =>
    teams.every(({ id }) => id !== publisherTeamId);
  const requireTeam = (place: string, publisher: string) => {
    if (teams.every(({ slug }) => slug !== publisher))
      faults.push(`${place}.publisher: you do not belong to a publisher team "${publisher}".`);
  };
  if (file.seller) faults.push('seller: sellers and their tax rates are the operator’s; leave it out.');
  for (const { slug } of file.sellers)
    faults.push(`sellers.${slug}: sellers and their tax rates are the operator’s; leave it out.`);
  for (const { slug, name, seller } of file.publishers) {
    const current = teams.find((team) => team.slug === slug);
    if (current?.name !== name || (seller !== undefined && seller !== current.sellerSlug))
      faults.push(`publishers.${slug}: teams are made and changed by the operator; leave it out.`);
  }
  for (const { slug, publisher } of file.apis) {
    requireTeam(`apis.${slug}`, publisher);
    const current = await findApi(transaction, slug);
    if (current && ofOthers(current))
      faults.push(`apis.${slug}: there is an API "${slug}" already: choose another short name.`);
  }
  for (const { slug, publisher, apis } of file.products) {
    requireTeam(`products.${slug}`, publisher);
    const current = await findApiProduct(transaction, slug);
    if (current && ofOthers(current))
      faults.push(`products.${slug}: there is a product "${slug}" already: choose another short name.`);
    for (const api of new Set(apis)) {
      if (file.apis.some((one) => one.slug === api)) continue;
      const bundled = await findApi(transaction, api);
      if (!bundled || ofOthers(bundled))
        faults.push(`products.${slug}.apis: your publisher teams have no API "${api}".`);
    }
  }
  for (const { slug, publisher } of file.coupons) requireTeam(`coupons.${slug}`, publisher);
  if (faults.length === 0) return;
  const lines = faults.map((fault) => `  ${fault}`).join('\n');
  throw new InvalidError('catalog_not_own', `The catalogue has parts that are not yours to change:\n${lines}`);
}
