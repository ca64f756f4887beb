/** A place in an exported file, from its root. */
export type FilePath = readonly (string | number)[];

/** A part of an exported file, as YAML has it. */
export type InFile = Readonly<Record<string, unknown>>;

/** What a reader of the file is told at a place of it. */
export interface ExportRemark {
  readonly path: FilePath;
  readonly text: string;
}

/** A text that can be in a file of its own, and otherwise stands at its place. */
export interface SideFile {
  readonly path: FilePath;
  /** Below the folder of the catalogue file, such as "documents/atlas/v1.json". */
  readonly name: string;
  /** Before the name, where the file is named. */
  readonly prefix: '' | 'file:';
  readonly content: string | Buffer;
}

/** A value that is not in the file but for the name of a variable. */
export interface ExportedVariable {
  readonly path: FilePath;
  readonly name: string;
  /** As it is here; null for a secret, which never leaves. */
  readonly value: string | null;
  /** For people: "the credential of the upstream of atlas/v1". */
  readonly what: string;
}

/** What a part of the catalogue becomes; paths are from the part itself. */
export interface ExportedPart {
  readonly part: InFile;
  readonly remarks?: readonly ExportRemark[];
  readonly sideFiles?: readonly SideFile[];
  readonly variables?: readonly ExportedVariable[];
}

/** A catalogue as a file that `tollgate apply` reads, before it is written out. */
export interface ExportedCatalog {
  readonly file: InFile;
  readonly remarks: readonly ExportRemark[];
  readonly sideFiles: readonly SideFile[];
  readonly variables: readonly ExportedVariable[];
}

/** Puts parts where they stand in the whole. */
export function placed(
  parts: readonly ExportedPart[],
  at: string,
): Omit<ExportedCatalog, 'file'> & { readonly parts: readonly InFile[] } {
  const moved = <Item extends { readonly path: FilePath }>(items: readonly Item[], index: number): Item[] =>
    items.map((item) => ({ ...item, path: [at, index, ...item.path] }));
  return {
    parts: parts.map(({ part }) => part),
    remarks: parts.flatMap(({ remarks = [] }, index) => moved(remarks, index)),
    sideFiles: parts.flatMap(({ sideFiles = [] }, index) => moved(sideFiles, index)),
    variables: parts.flatMap(({ variables = [] }, index) => moved(variables, index)),
  };
}
