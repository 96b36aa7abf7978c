/**
 * Runs the stand-in for other processes: prints what they need as one line of JSON, then answers until it gets SIGTERM or SIGINT.
 * With `--log` every request is printed to stderr, as one line of JSON, about a second after it came. With `--address <address>` it
 * answers at port 443 of that address, for clients of a network of the test's own to which Azure's names lead.
 *
 * ```sh
 * deno run -A tests/support/azure/main.ts
 * {"env":{"HTTPS_PROXY":"http://127.0.0.1:41001",…},"direct":{…},"vault":{…},"identities":{"client-secret":{…},…},"origins":{…}}
 * ```
 *
 * See `start_azure.ts` for what its members mean.
 */
import process from "node:process";
import { IDENTITIES } from "./identity_env.ts";
import { startAzure } from "./start_azure.ts";

const at = process.argv.indexOf("--address");
const address = at === -1 ? undefined : process.argv[at + 1];
const azure = await startAzure(address === undefined ? {} : { address });
const identities: Record<string, Readonly<Record<string, string>>> = {};
for (const name of IDENTITIES) identities[name] = await azure.identity(name);
const { env, direct, origins, caPath, folder } = azure;
console.log(JSON.stringify({ env, direct, vault: azure.vault(), identities, origins, caPath, folder }));

let printed = 0;
const timer = setInterval(() => {
  if (!process.argv.includes("--log")) return;
  for (; azure.requests[printed]?.endedMs !== undefined; printed++) {
    console.error(JSON.stringify(azure.requests[printed]));
  }
}, 1000);
const stop = () => {
  clearInterval(timer);
  azure.close().then(() => process.exit(0));
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
