// A program that does nothing but what `src/host` is for: `driver CMD ARG...` becomes the command with fixed changes.
// DRIVER_TOKEN_BYTES sets the length of the token, DRIVER_PATH the command's PATH.
import process from "node:process";
import { Secret } from "../../../src/core/secret.ts";
import { makeHost } from "../../../src/host/host.ts";

const host = makeHost();
const path = host.env["DRIVER_PATH"];
const outcome = await host.exec(process.argv.slice(2), {
  set: [
    ["MLFLOW_TRACKING_TOKEN", new Secret("c".repeat(Number(host.env["DRIVER_TOKEN_BYTES"] ?? 6)))],
    ...(path === undefined ? [] : [["PATH", new Secret(path)] as const]),
  ],
  remove: ["MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"],
});
if ("status" in outcome) process.exit(outcome.status);
const variable = outcome.variable === undefined ? "" : ` (${outcome.variable})`;
await host.stderr.write(`driver: Cannot run "${process.argv[2]}": ${outcome.reason}${variable}\n`);
process.exit(outcome.kind === "not-found" ? 127 : 126);
