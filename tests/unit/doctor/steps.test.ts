import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../src/core/log.ts";
import { readSettings } from "../../../src/core/settings/read_settings.ts";
import { errorOf } from "../../../src/doctor/error_of.ts";
import { makeSteps } from "../../../src/doctor/steps.ts";
import { fakeHost } from "../../support/host.ts";

const VAULT = { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/secrets/mlflow" };
const log = makeLog("ERROR", () => {});
// A fake host fails the test on any request, so that what rejects here has sent nothing.
const steps = (env: Readonly<Record<string, string>>) =>
  makeSteps({ ...readSettings({ env }), host: fakeHost({ env }), log });

for (
  const [name, env, code] of [
    ["without a vault", {}, "setting-missing"],
    [
      "for a host that may see no token",
      { MLFLOW_AZURE_KEY_VAULT_URL: "https://a.example/secrets/b" },
      "vault-untrusted",
    ],
    ["with a setting of the wrong form", { ...VAULT, MLFLOW_AZURE_TTL_SEC: "5m" }, "setting-invalid"],
    ["where it is switched off", { ...VAULT, MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT: "false" }, "disabled"],
    [
      "for a tracking server that may not get the credential",
      { ...VAULT, MLFLOW_TRACKING_URI: "https://evil.example", MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.example" },
      "host-not-allowed",
    ],
  ] as const
) {
  test(`makeSteps() asks nobody ${name}`, async () => {
    const made = steps(env);
    for (const step of [made.reach, made.choice, made.secret, made.token, made.credential]) {
      assert.equal((await errorOf(step))?.code, code);
    }
  });
}

test("makeSteps() rejects with one and the same error, by which doctor knows what to blame", async () => {
  const made = steps({});
  assert.equal(await errorOf(made.vault), await errorOf(made.credential));
});

test("makeSteps() asks no tracking server that may not get the credential", async () => {
  const env = { MLFLOW_TRACKING_URI: "https://evil.example", MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.example" };
  const { server } = steps({ ...VAULT, ...env });
  assert.ok(server !== undefined);
  for (const step of [server.unsigned, server.signed, server.signIn]) {
    assert.equal((await errorOf(step))?.code, "host-not-allowed");
  }
});

test("makeSteps() asks a proxy of ours in place of the server, with its key, and says where it is gone", async () => {
  const key = `mlflow-auth-${"k".repeat(43)}`;
  for (
    const way of [{ MLFLOW_TRACKING_URI: "http://127.0.0.1:4040", MLFLOW_TRACKING_TOKEN: key }, {
      MLFLOW_TRACKING_URI: `http://127.0.0.1:4040/${key}`,
    }]
  ) {
    const env = { ...VAULT, ...way, MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.example" };
    const asked: string[] = [];
    const fetch = (request: Request): Promise<Response> => {
      asked.push(request.url);
      return Promise.reject(new TypeError("refused"));
    };
    const made = makeSteps({ ...readSettings({ env }), host: fakeHost({ env, fetch }), log });
    assert.equal((await errorOf(made.proxy))?.code, "proxy-gone");
    assert.equal((await errorOf(made.server?.signIn ?? made.proxy))?.code, "proxy-gone");
    assert.equal(made.server?.base.href, "http://127.0.0.1:4040/");
    assert.deepEqual([await errorOf(made.allowed), asked], [undefined, ["http://127.0.0.1:4040/-/ready"]]);
  }
});
