import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { misspelled } from "../../../../src/doctor/checks/misspelled.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { fakeHost } from "../../../support/host.ts";

test("misspelled looks at variables of env files too", async () => {
  const files = [{ path: "prod.env", variables: { AZURE_TENNANT_ID: "x" } }];
  const subject = makeSubject({
    ...readSettings({ env: {}, files }),
    host: fakeHost(),
    log: makeLog("ERROR", () => {}),
  });
  assert.deepEqual((await misspelled.run(subject)).map(({ message, remedy }) => [message, remedy]), [[
    'Cannot use "AZURE_TENNANT_ID" of prod.env: not a setting, did you mean "AZURE_TENANT_ID"',
    "write AZURE_TENANT_ID in place of AZURE_TENNANT_ID in prod.env",
  ]]);
});
