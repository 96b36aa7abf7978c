import { AuthError } from "../../core/errors.ts";
import { pathWord } from "../../core/shown.ts";
import { type Note, ok, warn } from "../finding.ts";
import { proxyNote } from "../tracking/own_proxy.ts";
import { judgeSearch } from "../tracking/judge.ts";
import type { ServerSteps, Unsigned } from "../tracking/server_steps.ts";
import { withServer } from "../tracking/with_server.ts";
import type { Check } from "./check.ts";

/** Codes that say something of the credential, not of who answers. */
const OF_THE_CREDENTIAL = /^mlflow-(rejected|wrong-scheme|forbidden)$/;

/** Looks whether an MLflow server answers, without showing it the credential. */
export const server: Check = {
  name: "server",
  doc: "An MLflow server answers at the tracking URI",
  run: (subject) =>
    withServer(subject, async (steps) => {
      const proxy = await subject.steps.proxy();
      if (proxy !== undefined) return [proxyNote(proxy)];
      const unchecked = await steps.unchecked();
      if (unchecked !== undefined) return [uncheckedNote(unchecked, subject.settings.insecureTls.value)];
      const found = await steps.unsigned();
      return [await whoAnswers(steps, found), ...await wayNotes(steps, found)];
    }),
};

async function whoAnswers(steps: ServerSteps, found: Unsigned): Promise<Note> {
  const { base, search, evidence, isHealthy } = found;
  const answers = `"${base.host}" answers as MLflow does`;
  const isBlocked = /^\s*Invalid Host header/.test(search.text);
  if (!isBlocked && (isHealthy && search.status < 500 && search.redirect === undefined || evidence.isMlflow)) {
    return ok(answers);
  }
  let failure: AuthError;
  try {
    await steps.signIn();
    return ok(found.isOpen ? `"${base.host}" answers to anybody` : `${answers}, behind a gateway`);
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    if (OF_THE_CREDENTIAL.test(error.code)) return ok(gatewayWords(found));
    if (/^(mlflow|tls|network-proxy)/.test(error.code)) throw error;
    failure = error;
  }
  // Without a credential, what was seen without one has to do.
  const refused = search.status === 401 || search.status === 403;
  if (refused && evidence.isApi) return ok(gatewayWords(found));
  throw judgeSearch(search, { base, kind: "bearer", isHealthy }) ?? failure;
}

function gatewayWords({ base, search: { status, challenges } }: Unsigned): string {
  const asks = challenges.map(({ scheme }) => scheme).filter((scheme) => /^[a-z][a-z0-9-]{0,20}$/.test(scheme));
  const what = asks.length === 0 ? "" : `, and asks for ${asks.join(" or ")}`;
  return `a gateway answers at "${base.host}" (HTTP ${status})${what}`;
}

/** How the server was reached where a client may fare otherwise. */
async function wayNotes(steps: ServerSteps, { base, byOurRoots }: Unsigned): Promise<readonly Note[]> {
  const notes: Note[] = [];
  const { ours } = await steps.network();
  if (byOurRoots && ours !== undefined) {
    notes.push(warn("tls-untrusted", {
      message: `Cannot trust "${base.host}" in MLflow's clients: only ${ours.variable} holds its root`,
      remedy: `export MLFLOW_TRACKING_SERVER_CERT_PATH=${pathWord(ours.path)}`,
    }));
  }
  if (base !== steps.base) {
    notes.push(warn("mlflow-wrong-address", {
      message:
        `Cannot reach tracking server "${steps.base.host}" at once: it sends every request on to another address`,
      remedy: `export MLFLOW_TRACKING_URI=${base.origin}${base.pathname.replace(/\/+$/, "")}`,
    }));
  }
  return notes;
}

/** A server that MLflow's clients reach and this program's runtime refuses: what was not looked at is said. */
function uncheckedNote({ message }: AuthError, isInsecure: boolean): Note {
  return warn("tls-untrusted", {
    message: isInsecure
      ? `${message}; MLFLOW_TRACKING_INSECURE_TLS lets MLflow's clients go on, and what the server says was not checked`
      : `${message} by this program, as it marks itself as an authority; MLflow's clients take it from their file, and what ` +
        "the server says was not checked",
    remedy: isInsecure
      ? "unset MLFLOW_TRACKING_INSECURE_TLS; export MLFLOW_TRACKING_SERVER_CERT_PATH=<PEM file with its root>"
      : "give the server a certificate with CA:FALSE: openssl req -x509 … -addext basicConstraints=critical,CA:FALSE",
  });
}
