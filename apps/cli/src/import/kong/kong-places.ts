import { apiVersionInFile } from '#services';
import { ImportNames } from '../import-names.js';
import type { KongRoute } from './kong-file.js';

/** A version of a catalogue file, as far as its place is concerned. */
export interface ImportedVersion {
  name: string;
  readonly host?: string;
  readonly basePath: string;
  versionHeader?: { readonly name: string; readonly value: string; readonly default?: true };
  readonly [field: string]: unknown;
}

/** Which route a version is of, and the product that its calls are counted in. */
export interface Origin {
  readonly route: KongRoute;
  readonly group: string;
}

interface Holder extends Origin {
  readonly versions: ImportedVersion[];
}

/** The places of the routes: several may be at one when a header tells them apart, as versions of one API. */
export class KongPlaces {
  private readonly byPlace = new Map<string, Holder>();

  isFree(version: ImportedVersion): boolean {
    return !this.byPlace.has(placeOf(version));
  }

  /** The versions of a new API with this one; others may join them. */
  open(version: ImportedVersion, origin: Origin): ImportedVersion[] {
    const versions = [{ ...version, name: nameOf(version, []) }];
    this.byPlace.set(placeOf(version), { ...origin, versions });
    return versions;
  }

  /** Makes it a version of the API that is at its place, or tells why it cannot be one. */
  join(version: ImportedVersion, { route, group }: Origin): void {
    const { part } = route;
    const holder = this.byPlace.get(placeOf(version))!;
    const { versions } = holder;
    const header = [...versions, version].find(({ versionHeader }) => versionHeader)?.versionHeader?.name;
    const isTold = (one: ImportedVersion) => one.versionHeader !== undefined && one.versionHeader.default !== true;
    const isUnlike = (one: ImportedVersion) =>
      isTold(one) && one.versionHeader!.name.toLowerCase() !== header?.toLowerCase();
    const without = [...versions, version].filter((one) => !isTold(one));
    const isSame = versions.some((one) => one.versionHeader?.value === version.versionHeader?.value && isTold(one));
    if (header === undefined || without.length > 1 || [...versions, version].some(isUnlike) || isSame)
      return part.report.leftOut(
        part.place,
        `another route is at ${placeOf(version)} already: here host, path and one header alone choose the upstream.`,
      );
    if (group !== holder.group)
      return part.report.leftOut(
        part.place,
        `the route at ${placeOf(version)} that a header tells it apart from has another rate limit, and versions of one API are of one product.`,
      );
    versions.push({ ...version, name: nameOf(version, versions) });
    const usual = versions.find(({ versionHeader }) => versionHeader === undefined);
    if (usual) makeUsual(usual, { header, versions, route: usual === versions.at(-1) ? route : holder.route });
  }
}

interface Beside {
  readonly header: string;
  /** All of the place. */
  readonly versions: readonly ImportedVersion[];
  readonly route: KongRoute;
}

/** Calls without the header are for it, as in Kong. */
function makeUsual(version: ImportedVersion, { header, versions, route: { name, part } }: Beside): void {
  const values = new ImportNames();
  for (const { versionHeader } of versions) if (versionHeader) values.slug(versionHeader.value);
  version.versionHeader = { name: header, value: values.slug(name), default: true };
  part.report.changed(part.place, `it gets the calls without ${header}; those with a value that no route has get 400.`);
}

function placeOf({ host, basePath }: ImportedVersion): string {
  return `${host ?? '*'}${basePath}`;
}

/** The value of the header where that can be a name, else a number. */
function nameOf({ versionHeader }: ImportedVersion, others: readonly ImportedVersion[]): string {
  const isTaken = (name: string) => others.some((one) => one.name === name);
  const wanted = versionHeader?.value;
  if (wanted !== undefined && apiVersionInFile.shape.name.safeParse(wanted).success && !isTaken(wanted)) return wanted;
  let number = others.length + 1;
  while (isTaken(`v${number}`)) number++;
  return `v${number}`;
}
