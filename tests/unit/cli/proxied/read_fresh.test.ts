import assert from "node:assert/strict";
import { test } from "node:test";
import { readFresh } from "../../../../src/cli/proxied/read_fresh.ts";
import { proxiedSession } from "../../../support/proxied.ts";

test("readFresh() fails as a run does", async () => {
  const session = proxiedSession({ env: { MLFLOW_SECRETS_AUTH_ENABLE: "aws-secrets-manager" } });
  await assert.rejects(readFresh(session, false), { code: "disabled" });
});
