import type { TokenFacts } from "../../azure/entra/token_facts.ts";
import { errorCode } from "../../core/error_code.ts";
import type { AuthError } from "../../core/errors.ts";
import type { Network } from "../../core/network.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { headerFor } from "../../credential/apply.ts";
import type { Credential } from "../../credential/parse.ts";
import type { DoctorHost } from "../doctor_host.ts";
import { errorOf } from "../error_of.ts";
import { once } from "../once.ts";
import type { Answer } from "./answer.ts";
import { type Evidence, evidenceOf, isHealthy } from "./evidence.ts";
import { type Asked, isTaken, judgeSearch } from "./judge.ts";
import { explainOwnToken } from "./own_token.ts";
import { isAuthorityAsServer } from "./probe_failure.ts";
import { ask, type ProbeName, PROBES, type SignedHeader } from "./probe.ts";
import { judgeRedirect } from "./redirect.ts";
import { refusal } from "./server_refusal.ts";
import { whyNotShown } from "./shown.ts";
import type { TrackingNetwork } from "./tracking_network.ts";
import { trackingUrl } from "./tracking_url.ts";

/** What the tracking server is asked with. */
export interface ServerParts {
  readonly settings: Pick<Settings, "trackingUri" | "headerName" | "insecureTls">;
  readonly host: Pick<DoctorHost, "fetch" | "sleep" | "after" | "now" | "env">;
  readonly log: Log;
  /** Rejects where the server may not get the credential. */
  readonly allowed: () => Promise<void>;
  /** Whether `--dry-run` alone names it: then it has to show what it is before it is shown the credential. */
  readonly isStrange?: boolean;
  readonly network: () => Promise<TrackingNetwork>;
  readonly credential: () => Promise<Credential>;
  /** What the credential says where it is the identity's own token. */
  readonly ownToken?: () => Promise<TokenFacts | undefined>;
}

/** What a tracking server answers to who shows no credential. */
export interface Unsigned {
  readonly search: Answer;
  readonly evidence: Evidence;
  /** Whether MLflow itself, or mlflow-oidc-auth, answered to the probe `health`. */
  readonly isHealthy: boolean;
  /** Whether it gives a list of experiments to anybody: then no credential is shown to it. */
  readonly isOpen: boolean;
  /** Where it was found: the tracking URI, or where its redirects lead a client that keeps its request. */
  readonly base: URL;
  readonly network: Network;
  /** Whether it was reached only with the roots that we trust and MLflow's clients do not. */
  readonly byOurRoots: boolean;
}

/** What it answers to the credential; what is `undefined` could not be had, and costs nothing but itself. */
export interface Signed {
  readonly search: Answer;
  readonly tookMs: number;
  readonly kind: Credential["kind"];
  readonly more: () => Promise<Readonly<Record<"version" | "user" | "artifacts", Answer | undefined>>>;
}

/** The tracking server, in three steps. */
export interface ServerSteps {
  readonly base: URL;
  readonly network: () => Promise<TrackingNetwork>;
  /** What it answers to who shows no credential. */
  readonly unsigned: () => Promise<Unsigned>;
  /**
   * Why it could not be looked at although MLflow's clients can reach it: a certificate that they take, or do not check, and the
   * runtime refuses.
   */
  readonly unchecked: () => Promise<AuthError | undefined>;
  /** What it answers to the credential; where it asks for none, none is sent. Rejects where it may not see it. */
  readonly signed: () => Promise<Signed>;
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
 * import { readSettings } from "../../core/settings/read_settings.ts";
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
  const { settings, host, log, allowed, credential } = parts;
  const start = trackingUrl(settings.trackingUri.value ?? "");
  if (start === undefined) return undefined;
  const network = once(parts.network);
  const workspace = host.env["MLFLOW_WORKSPACE"]?.trim() || undefined;
  const asker = (base: URL, roots: Network, header?: SignedHeader) => (probe: ProbeName): Promise<Answer> =>
    ask(base, { probe, host, log, network: roots, header, workspace });

  const look = async (base: URL, roots: Network): Promise<Omit<Unsigned, "byOurRoots">> => {
    const get = asker(base, roots);
    const [health, search] = await Promise.all([get("health").catch(() => undefined), get("search")]);
    const moved = search.redirect === undefined
      ? undefined
      : judgeRedirect(search.redirect, { base, path: PROBES.search.path, status: search.status });
    // A client goes there too, once at least; two addresses that send to one another are what it says of the second.
    if (moved?.isFollowed === true && moved.address !== undefined && base === start) {
      return await look(new URL(moved.address), roots);
    }
    const evidence = evidenceOf(search);
    return {
      search,
      evidence,
      base,
      network: roots,
      isHealthy: health !== undefined && isHealthy(health),
      isOpen: isTaken(search) && search.end === "whole",
    };
  };
  const unsigned = once(async (): Promise<Unsigned> => {
    await allowed();
    const { network: theirs, ours } = await network();
    try {
      return { ...await look(start, theirs), byOurRoots: false };
    } catch (error) {
      if (errorCode(error) !== "tls-untrusted" || ours === undefined || isAuthorityAsServer(error)) throw error;
      return { ...await look(start, ours.network), byOurRoots: true };
    }
  });
  const unchecked = once(async () => {
    const error = await errorOf(unsigned);
    if (error === undefined || !error.code.startsWith("tls-")) return undefined;
    if (settings.insecureTls.value && error.code !== "tls-failed") return error;
    return isAuthorityAsServer(error) && (await network()).trustedBy !== undefined ? error : undefined;
  });
  const signed = once(async (): Promise<Signed> => {
    const found = await unsigned();
    const { isOpen, base, network: roots } = found;
    const refused = parts.isStrange === true && !isOpen ? whyNotShown({ ...found, start }) : undefined;
    if (refused !== undefined) throw refused;
    const accepted = isOpen ? undefined : await credential();
    const header = accepted === undefined ? undefined : { name: settings.headerName.value, value: headerFor(accepted) };
    const get = asker(base, roots, header);
    const optional = (probe: ProbeName) => get(probe).catch(() => undefined);
    const startedMs = host.now();
    const more = Promise.all([optional("version"), optional("user"), optional("artifacts")]);
    const search = await get("search");
    return {
      search,
      tookMs: host.now() - startedMs,
      kind: accepted?.kind ?? "bearer",
      more: async () => {
        const [version, user, artifacts] = await more;
        return { version, user, artifacts };
      },
    };
  });
  const signIn = once(async () => {
    const { base, isHealthy, network: roots, search: plain } = await unsigned();
    if (workspace !== undefined) {
      // The client asks this before anything else, and gives up where it is not said.
      const { text, status } = await asker(base, roots)("serverInfo");
      if (status === 404 || status === 200 && !/"workspaces_enabled"\s*:\s*true/.test(text)) {
        throw refusal("no-workspaces", { base, kind: "bearer", status });
      }
    }
    const { search, kind } = await signed();
    const hasCertificate = roots.clientCertificate !== undefined;
    const asked: Asked = { base, kind, isHealthy, wanted: plain.challenges, workspace, hasCertificate };
    const error = judgeSearch(search, asked);
    if (error !== undefined) {
      const facts = await parts.ownToken?.();
      const challenges = [...search.challenges, ...plain.challenges];
      throw facts === undefined ? error : explainOwnToken(error, { facts, challenges, nowMs: host.now() });
    }
  });
  return { base: start, network, unsigned, unchecked, signed, signIn };
}
