import "../../support/guard.ts";
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { startAzure } from "../../support/azure/start_azure.ts";
import { programBuilds } from "../../support/builds.ts";
import { healthyEnv } from "../../support/run_program.ts";
import { makeSelfSignedAuthority } from "../../support/tls.ts";
import { run } from "./beside.ts";

// `openssl req -x509` makes a server's certificate that is one of an authority: MLflow's clients take it from their file of roots.

const ASK =
  'curl -sS -o /dev/null -w "%{http_code}\\n" -H "authorization: Bearer $MLFLOW_TRACKING_TOKEN" "$MLFLOW_TRACKING_URI/version"';

for (const build of programBuilds()) {
  test(`a server that is an authority is used by Bun, and refused by Deno before the command starts: ${build.name}`, {
    skip: build.skip,
  }, async () => {
    await using azure = await startAzure();
    const { certificate, key } = await makeSelfSignedAuthority("localhost");
    const path = join(azure.folder, "self.pem");
    await writeFile(path, certificate);
    const server = createServer({ cert: certificate, key }, (_, response) => response.end("3.8.1"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const host = `localhost:${typeof address === "object" ? address?.port : ""}`;
    const env = {
      PATH: "/usr/bin:/bin",
      ...await healthyEnv(azure),
      DENO_NO_UPDATE_CHECK: "1",
      MLFLOW_TRACKING_URI: `https://${host}`,
      MLFLOW_TRACKING_SERVER_CERT_PATH: path,
    };
    try {
      const { status, stdout, stderr } = await run([...build.command, "exec", "--proxy", "--", "sh", "-c", ASK], env);
      if (build.name === "bun") {
        assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "200\n", stderr: "" });
      } else {
        assert.deepEqual({ status, stdout, said: stderr.split("\n")[0] }, {
          status: 125,
          stdout: "",
          said:
            `mlflow-auth: Cannot reach tracking server "${host}": its certificate is one of an authority (CA:TRUE), ` +
            "which this build takes from no server",
        });
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}

for (const build of programBuilds()) {
  test(`a server that says nothing keeps no run that failed: ${build.name}`, {
    skip: build.skip,
    timeout: 30_000,
  }, async () => {
    await using azure = await startAzure();
    const path = join(azure.folder, "self.pem");
    await writeFile(path, (await makeSelfSignedAuthority("localhost")).certificate);
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const env = {
      PATH: "/usr/bin:/bin",
      ...await healthyEnv(azure),
      DENO_NO_UPDATE_CHECK: "1",
      MLFLOW_TRACKING_URI: `https://localhost:${silent.addr.port}`,
      MLFLOW_TRACKING_SERVER_CERT_PATH: path,
    };
    const exec = [...build.command, "exec", "--proxy", "--"];
    const without = await run([...exec, "true"], { ...env, MLFLOW_AZURE_SECRET_NAME: "absent" });
    const absent = await run([...exec, "/nowhere/absent"], env);
    assert.deepEqual([without.status, absent.status], [125, 127]);
  });
}
