// Preloaded into processes: errors name lines of our source. Not `--enable-source-maps`: with that the logger, which asks once who called
// it, has Node read and take apart the map of the whole bundle at each start, and the maps of packages are read as well.
import { setSourceMapsSupport } from 'node:module';

setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
