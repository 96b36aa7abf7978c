import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { makeServerSteps } from "../../../../src/doctor/tracking/server_steps.ts";
import { fakeHost } from "../../../support/host.ts";

const env = { MLFLOW_TRACKING_URI: "https://mlflow.example/team", MLFLOW_AUTH_HEADER_NAME: "X-Auth" };

test("makeServerSteps() signs with the header that was set, below the server's path", async () => {
  const seen: (readonly [string, string | null])[] = [];
  const steps = makeServerSteps({
    settings: readSettings({ env }).settings,
    host: fakeHost({
      sleep: () => new Promise<void>(() => {}),
      fetch: (request) => {
        seen.push([new URL(request.url).pathname, request.headers.get("x-auth")]);
        return Promise.resolve(new Response("You are not authenticated.", { status: 401 }));
      },
    }),
    log: makeLog("ERROR", () => {}),
    allowed: () => Promise.resolve(),
    network: () => Promise.resolve({ network: {}, trustedBy: undefined }),
    credential: () => Promise.resolve({ kind: "bearer", token: new Secret("abc") }),
  });
  await assert.rejects(async () => await steps?.signIn(), { code: "mlflow-rejected" });
  assert.deepEqual(seen.map(([path, header]) => `${path} ${header}`).sort(), [
    "/team/api/2.0/mlflow-artifacts/artifacts Bearer abc",
    "/team/api/2.0/mlflow/experiments/search Bearer abc",
    "/team/api/2.0/mlflow/experiments/search null",
    "/team/api/2.0/mlflow/users/current Bearer abc",
    "/team/health null",
    "/team/version Bearer abc",
  ]);
});
