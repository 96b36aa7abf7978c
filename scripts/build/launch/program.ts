// The program as a script: what `src/main.ts` starts, for `launch.ts` to start.
export { failStray, main } from "../../../src/cli/run.ts";
export { makeHost } from "../../../src/host/host.ts";
export { watchStray } from "../../../src/host/stray.ts";
/** What the other scripts have in common with this one. */
export * as common from "../../../src/core/errors.ts";
