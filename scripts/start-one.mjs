import { runWithPackagedNode } from './launcher/install.mjs';
import { nodeArguments } from './launcher/node-arguments.mjs';

const [app] = process.argv.slice(2);
runWithPackagedNode('scripts/launcher/one.mjs', { nodeArguments: nodeArguments(app) });
