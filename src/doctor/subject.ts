import type { Given } from "../core/settings/read_settings.ts";
import type { Settings } from "../core/settings/settings.ts";
import { makeSteps, type StepParts, type Steps } from "./steps.ts";

/** What `doctor` examines; `settings.trackingUri` is the URL of `--dry-run` where that was given. */
export interface Subject extends StepParts {
  /** Every variable that has a value, of the environment and of files. */
  readonly variables: () => readonly Given[];
  /** The steps of a run, each done at most once however many checks ask for it. */
  readonly steps: Steps;
}

/** What {@link makeSubject} is given. */
export interface SubjectParts extends Omit<Subject, "steps"> {
  /** URL of `--dry-run`: the tracking server to try, in place of `MLFLOW_TRACKING_URI`. */
  readonly dryRun?: string | undefined;
}

/**
 * Puts together what is examined. Nothing is read or sent yet.
 *
 * @param parts settings with their problems, the host, a log and the URL to try
 * @returns the subject
 *
 * @example
 * ```ts
 * import { makeSubject } from "./subject.ts";
 * import { makeLog } from "../core/log.ts";
 * import { readSettings } from "../core/settings/read_settings.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const log = makeLog("ERROR", () => {});
 * const subject = makeSubject({ ...readSettings({ env: {} }), host: fakeHost(), log, dryRun: "https://mlflow.example" });
 * assert.equal(subject.settings.trackingUri.value, "https://mlflow.example");
 * ```
 */
export function makeSubject(parts: SubjectParts): Subject {
  const { dryRun, problems, variables, host, log } = parts;
  const settings: Settings = dryRun === undefined
    ? parts.settings
    : { ...parts.settings, trackingUri: { value: dryRun, source: { from: "flag", name: "--dry-run" } } };
  const handedTo = parts.settings.trackingUri.value;
  return { settings, problems, variables, host, log, steps: makeSteps({ settings, problems, host, log, handedTo }) };
}
