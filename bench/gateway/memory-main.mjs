import { runWithPackagedNode } from '../../scripts/launcher/install.mjs';

runWithPackagedNode('bench/gateway/memory.mjs');
