import process from "node:process";
import { failStray, main } from "./cli/run.ts";
import { makeHost } from "./host/host.ts";
import { watchStray } from "./host/stray.ts";

// First of all: what a command must find unchanged is remembered before anything can change it.
const host = makeHost();
const argv = process.argv.slice(2);
const end = watchStray((thrown) => failStray(thrown, { argv, host }));
// In a frame of its own: an error that is made while this module's frame is on the stack makes V8 read the whole program again.
process.exitCode = await Promise.resolve().then(() => main(argv, host)).catch(end);
