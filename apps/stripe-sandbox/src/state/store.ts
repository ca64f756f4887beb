import type { Collections } from './collections.js';
import { parentFields } from './collections.js';
import type { Change, StateFile } from './state-file.js';

export type CollectionName = keyof Collections;

interface Collection {
  /** In the order of creation. */
  readonly objects: Map<string, { readonly id: string }>;
  readonly idsByParent: Map<string, Set<string>>;
}

/**
 * All state of the sandbox, in memory and, with a state file, on disk. Objects are immutable: a change is a `put` of a
 * new object, so events and answers can hold what they saw. Changes happen inside `transact`, all or none.
 */
export class Store {
  private readonly collections = new Map<CollectionName, Collection>();
  private undo: (() => void)[] = [];
  /** What the transaction deletes, by collection and id. It is hidden at once, and leaves its place only on commit. */
  private deletions = new Map<string, [CollectionName, string]>();
  private changes = new Map<string, Change>();

  constructor(private readonly file?: StateFile) {
    for (const change of file?.takeInitialChanges() ?? []) this.replay(change);
  }

  get<N extends CollectionName>(name: N, id: string): Collections[N] | undefined {
    return this.deletions.has(`${name}/${id}`) ? undefined : this.stored(name, id);
  }

  /** Newest first. */
  all<N extends CollectionName>(name: N): Collections[N][] {
    return [...this.oldestFirst(name)].reverse();
  }

  /** The objects whose parent field (see `parentFields`) is `parentId`, newest first. */
  childrenOf<N extends CollectionName>(name: N, parentId: string): Collections[N][] {
    const ids = [...(this.collection(name).idsByParent.get(parentId) ?? [])].reverse();
    return ids.map((id) => this.get(name, id)).filter((object) => object !== undefined);
  }

  /** Oldest first, without copying: for looking at the first few. */
  *oldestFirst<N extends CollectionName>(name: N): Generator<Collections[N], undefined> {
    for (const object of this.collection(name).objects.values() as Iterable<Collections[N]>) {
      if (!this.deletions.has(`${name}/${object.id}`)) yield object;
    }
  }

  put<N extends CollectionName>(name: N, object: Collections[N]): Collections[N] {
    const previous = this.stored(name, object.id);
    this.deletions.delete(`${name}/${object.id}`);
    this.undo.push(() => (previous === undefined ? this.remove(name, object.id) : this.insert(name, previous)));
    this.insert(name, object);
    this.changes.set(`${name}/${object.id}`, ['put', name, object]);
    return object;
  }

  delete(name: CollectionName, id: string): void {
    this.deletions.set(`${name}/${id}`, [name, id]);
  }

  /** Runs `work`; when it throws, its changes are undone, unless `keepsChanges` says that this error keeps them. */
  transact<T>(work: () => T, keepsChanges: (error: unknown) => boolean = () => false): T {
    this.undo = [];
    this.changes = new Map();
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      if (keepsChanges(error)) this.commit();
      else for (const step of this.undo.reverse()) step();
      throw error;
    } finally {
      this.deletions = new Map();
    }
  }

  /** Runs `work` within a transaction, and undoes its changes whatever comes of it. */
  tryOut<T>(work: () => T): T {
    const steps = this.undo.length;
    const deletions = new Map(this.deletions);
    const changes = new Map(this.changes);
    try {
      return work();
    } finally {
      for (const step of this.undo.splice(steps).reverse()) step();
      this.deletions = deletions;
      this.changes = changes;
    }
  }

  /** Resolves when everything that was committed so far is on disk. */
  async flushed(): Promise<void> {
    await this.file?.flushed();
  }

  private commit(): void {
    for (const [name, id] of this.deletions.values()) {
      this.remove(name, id);
      this.changes.set(`${name}/${id}`, ['delete', name, id]);
    }
    if (this.changes.size > 0) this.file?.append([...this.changes.values()]);
  }

  private stored<N extends CollectionName>(name: N, id: string): Collections[N] | undefined {
    return this.collection(name).objects.get(id) as Collections[N] | undefined;
  }

  private replay(change: Change): void {
    const name = change[1] as CollectionName;
    if (change[0] === 'put') this.insert(name, change[2] as Collections[typeof name]);
    else this.remove(name, change[2]);
  }

  private insert<N extends CollectionName>(name: N, object: Collections[N]): void {
    const { objects, idsByParent } = this.collection(name);
    const parent = parentOf(name, object);
    const previous = objects.get(object.id);
    const previousParent = previous && parentOf(name, previous);
    if (previousParent !== undefined && previousParent !== parent) idsByParent.get(previousParent)?.delete(object.id);
    objects.set(object.id, object);
    if (parent === undefined) return;
    const siblings = idsByParent.get(parent);
    if (siblings) siblings.add(object.id);
    else idsByParent.set(parent, new Set([object.id]));
  }

  private remove(name: CollectionName, id: string): void {
    const { objects, idsByParent } = this.collection(name);
    const object = objects.get(id);
    if (object === undefined) return;
    const parent = parentOf(name, object);
    if (parent !== undefined) idsByParent.get(parent)?.delete(id);
    objects.delete(id);
  }

  private collection(name: CollectionName): Collection {
    let collection = this.collections.get(name);
    if (collection === undefined) {
      collection = { objects: new Map(), idsByParent: new Map() };
      this.collections.set(name, collection);
    }
    return collection;
  }
}

function parentOf(name: CollectionName, object: { readonly id: string }): string | undefined {
  const field = parentFields[name];
  const value = field === undefined ? undefined : (object as unknown as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
}
