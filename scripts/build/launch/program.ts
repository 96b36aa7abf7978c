// The program as a script: what `src/main.ts` starts, for `launch.ts` to start.
export { failStray, main } from "../../../src/cli/run.ts";
export { makeHost } from "../../../src/host/host.ts";
export { watchStray } from "../../../src/host/stray.ts";
/** Nothing asks for it from here but the build, which runs it once. */
export const importProxy = () => import("../../../src/proxy/start_proxy.ts");
