import { expect, it } from 'vitest';
import { componentStyles } from './component-styles.js';

const core = '/node_modules/@mantine/core';

function check(modules: readonly string[], styles: readonly string[]): void {
  const { generateBundle } = componentStyles() as unknown as {
    generateBundle: (this: object, options: object, bundle: object) => void;
  };
  const context = {
    getModuleIds: () => [...modules, ...styles.map((name) => `${core}/styles/${name}.css`)][Symbol.iterator](),
    error: (message: string) => {
      throw new Error(message);
    },
  };
  const page = Object.fromEntries(modules.map((id) => [id, {}]));
  generateBundle.call(context, {}, { 'page.js': { type: 'chunk', modules: page }, 'page.css': { type: 'asset' } });
}

const button = `${core}/esm/components/Button/Button.module.mjs`;
const table = `${core}/esm/components/Table/Table.module.css.mjs`;

it('has the styles of every component that is used, and of no other', () => {
  expect(() => check([button, table], ['baseline', 'Button', 'Table'])).not.toThrow();
  expect(() => check([button, table], ['Button'])).toThrow('lacks the styles of Table');
  expect(() => check([button], ['Button', 'Table'])).toThrow('styles of what is not used: Table');
});
