import process from "node:process";
import { main } from "./cli/run.ts";
import { makeHost } from "./host/host.ts";

// First of all: what a command must find unchanged is remembered before anything can change it.
const host = makeHost();
// In a frame of its own: an error that is made while this module's frame is on the stack makes V8 read the whole program again.
process.exitCode = await Promise.resolve().then(() => main(process.argv.slice(2), host));
