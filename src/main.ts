import process from "node:process";
import { main } from "./cli/run.ts";
import { makeHost } from "./host/host.ts";

// First of all: what a command must find unchanged is remembered before anything can change it.
const host = makeHost();
process.exitCode = await main(process.argv.slice(2), host);
