import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { withServer } from "../../../../src/doctor/tracking/with_server.ts";
import { fakeHost } from "../../../support/host.ts";

test("withServer() skips what names no server that can be asked", async () => {
  const reasons = await Promise.all(["", "sqlite:///x.db", "https://a.example/#/x"].map(async (uri) => {
    const log = makeLog("ERROR", () => {});
    const read = readSettings({ env: { MLFLOW_TRACKING_URI: uri } });
    const subject = makeSubject({ ...read, variables: () => [], host: fakeHost(), log });
    return (await withServer(subject, () => Promise.resolve([])))[0]?.reason;
  }));
  assert.deepEqual(reasons, [
    "no tracking server is named (MLFLOW_TRACKING_URI or --dry-run)",
    "the tracking URI names no server that can be asked",
    "the tracking URI names no server that can be asked",
  ]);
});
