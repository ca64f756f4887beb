import type { ImportReport } from '../import-report.js';
import { shown } from '../import-report.js';
import { InputPart } from '../input-part.js';

/** A resource of Kubernetes that Istio reads. */
export interface IstioResource {
  readonly name: string;
  readonly spec: InputPart;
}

export interface IstioFile {
  readonly virtualServices: readonly IstioResource[];
  readonly destinationRules: readonly IstioResource[];
}

/** The VirtualServices and DestinationRules of manifests; all else is told of. @throws InvalidError `import_invalid` */
export function readIstioFile(documents: readonly unknown[], report: ImportReport): IstioFile {
  const virtualServices: IstioResource[] = [];
  const destinationRules: IstioResource[] = [];
  const lists = new Map([
    ['VirtualService', virtualServices],
    ['DestinationRule', destinationRules],
  ]);
  for (const [index, document] of documents.entries()) {
    for (const resource of resourcesIn(InputPart.of(document, documents.length === 1 ? '' : `[${index}]`, report))) {
      const kind = resource.text('kind') ?? 'nothing';
      const metadata = resource.part('metadata');
      const name = metadata?.text('name') ?? kind.toLowerCase();
      const place = `${shown(kind)} ${shown(name)}`;
      const isIstio = resource.text('apiVersion')?.startsWith('networking.istio.io/') ?? false;
      const list = lists.get(kind);
      if (list === undefined || !isIstio) {
        report.leftOut(place, 'only a VirtualService or DestinationRule of networking.istio.io is read.');
        continue;
      }
      list.push({ name, spec: InputPart.of(resource.any('spec') ?? {}, place, report) });
      resource.ignore('status');
      resource.leaveRest();
    }
  }
  return { virtualServices, destinationRules };
}

/** A list of kubectl's is what is in it. */
function resourcesIn(resource: InputPart): readonly InputPart[] {
  return resource.text('kind') === 'List' ? resource.parts('items') : [resource];
}
