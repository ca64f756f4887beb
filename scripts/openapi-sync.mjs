import { runWithPackagedNode } from './launcher/install.mjs';

runWithPackagedNode('scripts/launcher/openapi-sync.mjs');
