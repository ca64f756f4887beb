import { runWithPackagedNode } from './launcher/install.mjs';

runWithPackagedNode('scripts/launcher/migration.mjs');
