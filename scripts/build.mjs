import { runWithPackagedNode } from './launcher/install.mjs';

runWithPackagedNode('scripts/launcher/build-all.mjs');
