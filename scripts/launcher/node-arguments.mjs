import path from 'node:path';
import { root } from './install.mjs';

const withSourceMaps = ['--import', path.join(root, 'scripts/launcher/source-maps.mjs')];

/**
 * What Node is started with for an application: errors name lines of our source. A gateway gets more room for young objects: of
 * what its calls allocate nearly all is garbage when the room is full, and collecting it half as often costs half as much.
 */
export function nodeArguments(app) {
  return app === 'gateway' ? [...withSourceMaps, '--max-semi-space-size=32'] : withSourceMaps;
}
