import assert from "node:assert/strict";
import { test } from "node:test";
import { describeToken } from "../../../../src/doctor/checks/token.ts";

const expiresAtMs = Date.UTC(2026, 0, 1);

test("describeToken() tells tenant, application, object and expiry", () => {
  assert.equal(
    describeToken({ tenantId: "t-1", appId: "a-1", objectId: "o-1", expiresAtMs }),
    "issued for tenant t-1, application a-1, object o-1, valid until 2026-01-01 00:00 UTC",
  );
});

test("describeToken() tells the expiry of a token that says nothing else", () => {
  assert.equal(
    describeToken({ tenantId: undefined, appId: undefined, objectId: undefined, expiresAtMs }),
    "issued, valid until 2026-01-01 00:00 UTC",
  );
});
