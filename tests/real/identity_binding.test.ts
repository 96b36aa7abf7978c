import "../support/guard.ts";
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { healthyEnv, runProgram } from "../support/run_program.ts";
import { makeAuthority } from "../support/tls.ts";

// The endpoint that AKS puts into the cluster for an identity binding: it has a certificate of the cluster's own, for another name than
// its address, and asks Entra ID in the pod's place.

const NAME = "proxy.ests.aks.example";
const TOKEN = ["exec", "--", "sh", "-c", 'printf %s "$MLFLOW_TRACKING_TOKEN"'] as const;
const codeOf = (stderr: string): string | undefined => /docs\/errors\.md#([\w-]+)/.exec(stderr)?.[1];

interface Endpoint extends AsyncDisposable {
  readonly url: string;
  readonly caPath: string;
  readonly ca: string;
  readonly asked: readonly string[];
}

async function startEndpoint(azure: Azure): Promise<Endpoint> {
  const authority = await makeAuthority("mlflow-auth test cluster");
  const pair = await authority.server([NAME]);
  const asked: string[] = [];
  const client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(azure.caPath)] });
  const server = createServer({ cert: pair.certificate, key: pair.key }, (message, answer) => {
    const parts: Uint8Array[] = [];
    message.on("data", (part: Uint8Array) => parts.push(part));
    message.on("end", async () => {
      const path = message.url ?? "";
      asked.push(`${message.method} ${path.replace(/=.*/, "=…")}`);
      const response = await fetch(`${azure.origins.tls}${path.replace("/bindings", "")}`, {
        method: message.method ?? "GET",
        headers: { "content-type": message.headers["content-type"] ?? "" },
        body: await new Blob(parts.map((part) => new Uint8Array(part))).text(),
        client,
      });
      answer.writeHead(response.status, { "content-type": response.headers.get("content-type") ?? "" });
      answer.end(await response.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port has no number");
  const caPath = join(azure.folder, "cluster-ca.pem");
  await writeFile(caPath, authority.certificate);
  return {
    url: `https://127.0.0.1:${address.port}/bindings`,
    caPath,
    ca: authority.certificate,
    asked,
    [Symbol.asyncDispose]: async () => {
      client.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

for (const build of programBuilds()) {
  const options = { skip: build.skip };
  test(
    `exec of the ${build.name} build gets its token through the endpoint of an identity binding`,
    options,
    async () => {
      await using azure = await startAzure();
      await using endpoint = await startEndpoint(azure);
      const { AZURE_CLIENT_SECRET: _, ...healthy } = await healthyEnv(azure);
      const workload = { ...healthy, ...azure.direct, ...await azure.identity("workload-identity") };
      const binding = { AZURE_KUBERNETES_TOKEN_PROXY: endpoint.url, AZURE_KUBERNETES_SNI_NAME: NAME };
      for (const roots of [{ AZURE_KUBERNETES_CA_FILE: endpoint.caPath }, { AZURE_KUBERNETES_CA_DATA: endpoint.ca }]) {
        const { status, stdout, stderr } = await runProgram(TOKEN, {
          env: { ...workload, ...binding, ...roots },
          build,
        });
        assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "mlflow-token-canary", stderr: "" });
      }
      assert.deepEqual([...new Set(endpoint.asked)], [
        `POST /bindings/${workload.AZURE_TENANT_ID}/oauth2/v2.0/token?client-request-id=…`,
      ]);

      const wrongName = {
        ...binding,
        AZURE_KUBERNETES_SNI_NAME: "another.example",
        AZURE_KUBERNETES_CA_FILE: endpoint.caPath,
      };
      assert.equal(
        codeOf((await runProgram(TOKEN, { env: { ...workload, ...wrongName }, build })).stderr),
        "tls-name",
      );
      const untrusted = await runProgram(TOKEN, { env: { ...workload, ...binding }, build });
      assert.equal(codeOf(untrusted.stderr), "tls-untrusted");
      const empty = join(azure.folder, "empty.pem");
      await writeFile(empty, "");
      const renewing = await runProgram(TOKEN, {
        env: { ...workload, ...binding, AZURE_KUBERNETES_CA_FILE: empty },
        build,
      });
      assert.equal(codeOf(renewing.stderr), "setting-invalid");
    },
  );
}
