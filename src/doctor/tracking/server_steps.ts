import type { Network } from "../../core/host.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../../core/settings.ts";
import { headerFor } from "../../credential/apply.ts";
import type { Credential } from "../../credential/parse.ts";
import { type Answer, ask, type ProbeName, type SignedHeader } from "./probe.ts";
import { isHealthy, judgeSigned, judgeUnsigned } from "./probe_verdict.ts";
import { once } from "../once.ts";
import type { DoctorHost } from "../doctor_host.ts";
import { trackingUrl } from "./tracking_url.ts";

/** What the tracking server is asked with. */
export interface ServerParts {
  readonly settings: Pick<Settings, "trackingUri" | "headerName">;
  readonly host: Pick<DoctorHost, "fetch" | "sleep" | "now">;
  readonly log: Log;
  /** Rejects where the server may not get the credential. */
  readonly allowed: () => Promise<void>;
  readonly network: () => Promise<Network>;
  readonly credential: () => Promise<Credential>;
}

/** What a tracking server answers to who shows no credential. */
export interface Unsigned {
  readonly verdict: ReturnType<typeof judgeUnsigned>;
  readonly search: Answer;
  /** Whether MLflow itself answered to the probe `health`. */
  readonly healthy: boolean;
}

/** The tracking server, in three steps. */
export interface ServerSteps {
  readonly base: URL;
  /** What it answers to who shows no credential. */
  readonly unsigned: () => Promise<Unsigned>;
  /** What it answers to the credential; where it asks for none, none is sent. */
  readonly signed: () => Promise<Readonly<Record<Exclude<ProbeName, "health">, Answer>>>;
  /** Rejects unless the credential is accepted. */
  readonly signIn: () => Promise<void>;
}

/**
 * Makes the steps that try a tracking server; none is started.
 *
 * @param parts where it is, and what reaching and signing need
 * @returns the steps, or `undefined` where no http(s) server is named
 *
 * @example
 * ```ts
 * import { makeServerSteps } from "./server_steps.ts";
 * import { makeLog } from "../../core/log.ts";
 * import { readSettings } from "../../core/read_settings.ts";
 * import { fakeHost } from "../../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const never = () => Promise.reject(new Error("not asked"));
 * const { settings } = readSettings({ env: {} });
 * const log = makeLog("ERROR", () => {});
 * const parts = { settings, host: fakeHost(), log, allowed: never, network: never, credential: never };
 * assert.equal(makeServerSteps(parts), undefined);
 * ```
 */
export function makeServerSteps(parts: ServerParts): ServerSteps | undefined {
  const { settings, host, log, allowed, network, credential } = parts;
  const base = trackingUrl(settings.trackingUri.value ?? "");
  if (base === undefined) return undefined;
  const asker = async (header?: SignedHeader) => {
    const roots = await network();
    return (probe: ProbeName): Promise<Answer> => ask(base, { probe, host, log, network: roots, header });
  };
  const unsigned = once(async () => {
    await allowed();
    const get = await asker();
    const [health, search] = await Promise.all([get("health"), get("search")]);
    return { verdict: judgeUnsigned({ health, search }, base), healthy: isHealthy(health), search };
  });
  const signed = once(async () => {
    const { verdict } = await unsigned();
    const get = await asker(
      verdict === "open" ? undefined : { name: settings.headerName.value, value: headerFor(await credential()) },
    );
    const [search, version, user, artifacts] = await Promise.all([
      get("search"),
      get("version"),
      get("user"),
      get("artifacts"),
    ]);
    return { search, version, user, artifacts };
  });
  const signIn = once(async () => {
    const [{ search }, { kind }, plain] = await Promise.all([signed(), credential(), unsigned()]);
    judgeSigned(search, { base, kind, wanted: plain.search.challenge, healthy: plain.healthy });
  });
  return { base, unsigned, signed, signIn };
}
