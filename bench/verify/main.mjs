import { runWithPackagedNode } from '../../scripts/launcher/install.mjs';

runWithPackagedNode('bench/verify/run.mjs');
