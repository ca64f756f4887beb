const folder = process.env['NODE_COMPILE_CACHE'];

/** For the environment of processes that tests start: where Node keeps what it has compiled, when the run has such a place. */
export const compileCache: Readonly<Record<string, string>> = folder ? { NODE_COMPILE_CACHE: folder } : {};
