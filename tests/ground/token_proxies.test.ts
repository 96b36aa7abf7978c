import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { IDS } from "../support/azure/world.ts";
import { type EntraGate, startEntraGate } from "../support/gates/entra_gate.ts";
import { startNginx } from "../support/gates/nginx.ts";
import { findProgram, freePort, startPart } from "../support/gates/part.ts";
import { goProgram, withoutGo } from "../support/go.ts";
import { startMlflow } from "../support/mlflow.ts";
import { pythonWith } from "../support/python.ts";
import { firstBuild } from "../support/run_program.ts";
import { skipUnless } from "../support/skip.ts";
import { makeAuthority } from "../support/tls.ts";

// What stands in front of a server and takes Entra ID's tokens: a training gets through with the identity's own, and doctor sees it.

const OAUTH2_PROXY = { from: "github.com/oauth2-proxy/oauth2-proxy/v7", version: "v7.15.6" };
const TRAIN = fileURLToPath(new URL("../real/training/train.py", import.meta.url));
const { skip: noBuild } = firstBuild();
const hasPython = await pythonWith("mlflow_oidc_auth", [3, 12]).then(() => true, () => false);
const skip = noBuild || skipUnless(hasPython, "no Python 3.12 with mlflow-oidc-auth");
const oauth2Proxy = skip === false ? goProgram(OAUTH2_PROXY) : undefined;
const nginx = skip === false ? await findProgram("nginx", "nginx-light") : undefined;

async function trainsBehind(gate: EntraGate, url: string): Promise<void> {
  const trained = await gate.run(["exec", "--", await pythonWith("mlflow"), TRAIN], { MLFLOW_TRACKING_URI: url });
  assert.equal(trained.status, 0, trained.stderr.slice(-1000));
  assert.match(trained.stdout, /^RUN_ID=\w+$/m);
  const doctor = await gate.run(["doctor"], { MLFLOW_TRACKING_URI: url });
  assert.equal(doctor.status, 0, doctor.stdout + doctor.stderr);
}

test("a training logs through oauth2-proxy, and doctor tells a token of another application", {
  skip: skip || skipUnless(oauth2Proxy !== undefined, withoutGo(OAUTH2_PROXY)),
}, async () => {
  await using gate = await startEntraGate();
  await using open = await startMlflow({ auth: "open" });
  const [port, { azure }] = [await freePort(), gate];
  const url = `http://127.0.0.1:${port}`;
  const options = {
    "provider": "oidc",
    "oidc-issuer-url": `${azure.origins.tls}/${IDS.tenants.public}/v2.0`,
    "client-id": IDS.api,
    "client-secret": "oidc-client-canary",
    "cookie-secret": "0123456789abcdef0123456789abcdef",
    "email-domain": "*",
    "oidc-email-claim": "oid",
    "insecure-oidc-allow-unverified-email": "true",
    "skip-jwt-bearer-tokens": "true",
    "provider-ca-file": azure.caPath,
    "upstream": open.url,
    "http-address": `127.0.0.1:${port}`,
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const env = { PATH: "/usr/bin:/bin", HOME: azure.folder };
  await using _proxy = await startPart([oauth2Proxy ?? "", ...args], {
    cwd: azure.folder,
    env,
    answers: `${url}/ping`,
  });
  await trainsBehind(gate, url);
  azure.world.tenants[0]?.apis.push({
    appId: "f2f2f2f2-cccc-4ccc-8ccc-f2f2f2f2f2f2",
    uris: ["api://other"],
    roles: new Map(),
    assignmentRequired: false,
    tokenVersion: 2,
  });
  const foreign = await gate.run(["doctor"], { MLFLOW_TRACKING_URI: url, MLFLOW_AZURE_TOKEN_SCOPE: "api://other" });
  assert.equal(foreign.status, 1, foreign.stdout);
  assert.match(foreign.stdout, /its audience is f2f2f2f2-cccc-4ccc-8ccc-f2f2f2f2f2f2/);
});

test("a training logs through nginx, which asks the server by auth_request", {
  skip: skip || skipUnless(nginx !== undefined, "nginx is not there: apt-get install nginx-light"),
}, async () => {
  await using gate = await startEntraGate();
  const authority = await makeAuthority("mlflow-auth test gate");
  const server = await startNginx({
    open: gate.server.url,
    bearer: gate.server.url,
    blocked: gate.server.url,
    user: { name: "nobody", password: "password-canary" },
    server: await authority.server(["localhost"]),
    clientAuthority: authority.certificate,
  });
  assert.ok(server !== undefined);
  await using _server = server;
  await trainsBehind(gate, server.request);
});
