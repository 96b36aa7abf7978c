import { type Note, skip } from "../finding.ts";
import type { Subject } from "../subject.ts";
import type { ServerSteps } from "./server_steps.ts";

/**
 * Looks at the tracking server, where there is one to look at.
 *
 * @param subject what is examined
 * @param look what to look at
 * @returns what was seen; a skip where no http(s) server is named
 *
 * @example
 * ```ts
 * import { withServer } from "./with_server.ts";
 * import { makeSubject } from "../subject.ts";
 * import { makeLog } from "../../core/log.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import { fakeHost } from "../../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const log = makeLog("ERROR", () => {});
 * const subject = makeSubject({ ...readSettings({ env: {} }), variables: () => [], host: fakeHost(), log });
 * assert.equal((await withServer(subject, () => Promise.resolve([])))[0]?.status, "skip");
 * ```
 */
export function withServer(
  { steps, settings }: Pick<Subject, "steps" | "settings">,
  look: (server: ServerSteps) => Promise<readonly Note[]>,
): Promise<readonly Note[]> {
  if (steps.server !== undefined) return look(steps.server);
  return Promise.resolve([
    skip(
      settings.trackingUri.value === undefined
        ? "no tracking server is named (MLFLOW_TRACKING_URI or --dry-run)"
        : "the tracking URI names no server that can be asked",
    ),
  ]);
}
