import { type FileRegistry, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type FileDescriptorSet, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** Thrown at descriptors that cannot be used; the message says what to do. */
export class DescriptorsError extends Error {}

const HOW_TO = 'make them by "protoc --include_imports --descriptor_set_out=FILE" or "buf build -o FILE.binpb"';

/**
 * The types and services of a FileDescriptorSet in base64.
 * @throws DescriptorsError for what is none, or lacks what it imports
 */
export function readDescriptors(base64: string): FileRegistry {
  try {
    return createFileRegistry(inOrderOfImports(setIn(base64)));
  } catch (error) {
    if (error instanceof DescriptorsError) throw error;
    throw new DescriptorsError(`the descriptors cannot be read (${(error as Error).message}): ${HOW_TO}`, {
      cause: error,
    });
  }
}

/**
 * The same descriptors without the comments and places of their sources, which are most of some sets; in base64.
 * @throws DescriptorsError
 */
export function withoutSources(base64: string): string {
  const set = setIn(base64);
  for (const file of set.file) delete file.sourceCodeInfo;
  return Buffer.from(toBinary(FileDescriptorSetSchema, set)).toString('base64');
}

function setIn(base64: string): FileDescriptorSet {
  let set: FileDescriptorSet;
  try {
    set = fromBinary(FileDescriptorSetSchema, Buffer.from(base64, 'base64'));
  } catch (error) {
    throw new DescriptorsError(`this is no FileDescriptorSet in base64: ${HOW_TO}`, { cause: error });
  }
  if (set.file.length === 0 || set.file.some(({ name }) => name === ''))
    throw new DescriptorsError(`this is no FileDescriptorSet in base64: ${HOW_TO}`);
  return set;
}

/** Files after those that they import, in which order no compiler needs to write them. */
function inOrderOfImports(set: FileDescriptorSet): FileDescriptorSet {
  const byName = new Map(set.file.map((file) => [file.name, file]));
  const state = new Map<string, 'open' | 'done'>();
  const ordered: FileDescriptorSet['file'] = [];
  const visit = (name: string, by: string): void => {
    const file = byName.get(name);
    if (!file) throw new DescriptorsError(`${by} imports ${name}, which is not among the descriptors: ${HOW_TO}`);
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') throw new DescriptorsError(`${name} imports itself`);
    state.set(name, 'open');
    for (const dependency of file.dependency) visit(dependency, name);
    state.set(name, 'done');
    ordered.push(file);
  };
  for (const { name } of set.file) visit(name, name);
  return { ...set, file: ordered };
}
