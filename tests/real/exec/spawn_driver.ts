// Runs a command as a child, as the program does where a process cannot be replaced: `spawn_driver CMD ARG...`.
import process from "node:process";
import { runChild } from "../../../src/host/exec/spawn.ts";

const env = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
);
const outcome = await runChild(process.argv.slice(2), { env, windows: false });
if ("status" in outcome) process.exit(outcome.status);
console.error(`spawn_driver: Cannot run "${process.argv[2]}": ${outcome.reason}`);
process.exit(outcome.kind === "not-found" ? 127 : 126);
