import { runWithPackagedNode } from '../../scripts/launcher/install.mjs';

runWithPackagedNode('bench/control-plane/run.mjs');
