import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { azurePipelines } from "../../../../src/azure/identities/azure_pipelines.ts";
import { fakeHost } from "../../../support/host.ts";

const JOB = {
  SYSTEM_OIDCREQUESTURI: "https://dev.example",
  SYSTEM_ACCESSTOKEN: "canary",
  AZURESUBSCRIPTION_TENANT_ID: "t",
  AZURESUBSCRIPTION_CLIENT_ID: "c",
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "s",
};
const detect = (env: Readonly<Record<string, string>>) =>
  azurePipelines.detect({ settings: readSettings({ env }).settings, host: fakeHost({ env }) });
const without = (name: keyof typeof JOB) => detect({ ...JOB, [name]: "" });

test("azurePipelines is configured by what a task sets for its steps", async () => {
  assert.deepEqual(await detect(JOB), { is: "configured", reason: "the job has a service connection" });
});

test("azurePipelines is absent outside of a job and without a service connection", async () => {
  assert.deepEqual(await without("SYSTEM_OIDCREQUESTURI"), {
    is: "absent",
    reason: "SYSTEM_OIDCREQUESTURI is not set",
  });
  assert.equal((await without("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")).is, "absent");
});

test("azurePipelines says what a step has to map", async () => {
  await assert.rejects(without("SYSTEM_ACCESSTOKEN"), {
    code: "pipelines-oidc-unavailable",
    remedy: "map it in the step:  env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }",
  });
  await assert.rejects(without("AZURESUBSCRIPTION_CLIENT_ID"), { code: "identity-incomplete" });
});

test("azurePipelines refuses an address that the access token may not be sent to", async () => {
  for (const uri of ["http://127.0.0.1:9/x", "dev.example", "$(System.OidcRequestUri)"]) {
    await assert.rejects(detect({ ...JOB, SYSTEM_OIDCREQUESTURI: uri }), {
      code: "pipelines-oidc-unavailable",
      message: 'Cannot use "Azure Pipelines service connection": SYSTEM_OIDCREQUESTURI is no https URL',
    });
  }
});
