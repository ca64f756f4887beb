import type { Plugin } from 'vite';

/** A component of Mantine's that has styles, by the module that has the names of its classes. */
const COMPONENT = /\/@mantine\/core\/.*\/(\w+)\.module(?:\.css)?\.mjs$/;
/** The styles of one; those that begin with a small letter are of no component. */
const STYLES = /\/@mantine\/core\/styles\/([A-Z]\w*)\.css(?:\?.*)?$/;

/**
 * Fails the build when a component is in it whose styles are not, as it would look like nothing at all, or when there are
 * styles of one that is not: every page would load them for nothing.
 */
export function componentStyles(): Plugin {
  return {
    name: 'component-styles',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
      const components = namesIn(COMPONENT, new Set(chunks.flatMap(({ modules }) => Object.keys(modules))));
      const styles = namesIn(STYLES, new Set(this.getModuleIds()));
      const missing = [...components].filter((name) => !styles.has(name));
      const spare = [...styles].filter((name) => !components.has(name));
      if (missing.length > 0) this.error(`src/theme/mantine-styles.ts lacks the styles of ${missing.join(', ')}.`);
      if (spare.length > 0)
        this.error(`src/theme/mantine-styles.ts has styles of what is not used: ${spare.join(', ')}.`);
    },
  };
}

function namesIn(pattern: RegExp, ids: ReadonlySet<string>): Set<string> {
  return new Set([...ids].flatMap((id) => pattern.exec(id)?.[1] ?? []));
}
