import { runWithPackagedNode } from './launcher/install.mjs';

runWithPackagedNode('scripts/launcher/test-run.mjs');
