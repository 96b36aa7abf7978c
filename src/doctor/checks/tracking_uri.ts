import { isLoopback } from "../../core/host_name.ts";
import { AuthError } from "../../core/errors.ts";
import { addressFlaw } from "../../credential/tracking_address.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Check } from "./check.ts";
import { errorOf } from "../error_of.ts";
import { failed, type Note, ok, skip, warn } from "../finding.ts";
import { trackingUrl } from "../tracking/tracking_url.ts";

/** Looks at where the credential would go, before it goes there. */
export const trackingUri: Check = {
  name: "tracking",
  doc: "The tracking URI is one that uses the credential, may get it, and keeps it private",
  run: async ({ settings, host, steps }) => {
    const { value } = settings.trackingUri;
    const refused = await errorOf(steps.allowed);
    const notes = [
      ...(refused === undefined ? [] : [failed(refused)]),
      ...(value === undefined ? [] : uriNotes(value)),
      ...switchNotes(settings),
      ...elsewhereNotes(value, host.env),
    ];
    if (notes.length > 0) return notes;
    if (value === undefined) return [skip("no tracking server is named (MLFLOW_TRACKING_URI or --dry-run)")];
    const once = steps.isStrange ? ", if it answers as MLflow or a gate for programs does" : "";
    return [ok(`"${trackingUrl(value)?.host ?? value}" may get the credential${once}`)];
  },
};

const pathOf = ({ pathname }: URL): string => pathname.replace(/\/+$/, "");

/**
 * What the tracking URI itself says.
 *
 * @param uri value of `MLFLOW_TRACKING_URI`
 * @returns a note for each flaw
 *
 * @example
 * ```ts
 * import { uriNotes } from "./tracking_uri.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(uriNotes("https://mlflow.example/"), []);
 * assert.equal(uriNotes("azureml://eastus.api.azureml.ms/x")[0]?.code, "mlflow-uri-unsupported");
 * ```
 */
export function uriNotes(uri: string): readonly Note[] {
  const flaw = addressFlaw(uri);
  if (flaw !== undefined) return [failed(flaw)];
  const url = trackingUrl(uri);
  if (url === undefined) return [foreignNote(uri)];
  const notes: Note[] = [];
  if (/^\s/.test(uri)) {
    notes.push(warn("setting-invalid", {
      message:
        'Cannot rely on "MLFLOW_TRACKING_URI": it begins with a blank, by which some clients take it for a folder',
      remedy: `export MLFLOW_TRACKING_URI=${url.origin}${pathOf(url)}`,
    }));
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    notes.push(warn("tracking-plain-http", {
      message: `Cannot keep the credential private on the way to "${url.host}": the URI begins with http://`,
      remedy: `export MLFLOW_TRACKING_URI=https://${url.host}${pathOf(url)}`,
    }));
  }
  if (url.username !== "" || url.password !== "") {
    notes.push(warn("environment-shadows", {
      message:
        `Cannot rely on the credential for "${url.host}": the tracking URI holds a user name or password, which clients prefer`,
      remedy: `export MLFLOW_TRACKING_URI=${url.protocol}//${url.host}${pathOf(url)}`,
    }));
  }
  return notes;
}

const MANAGED: Readonly<Record<string, string>> = {
  azureml: "install azureml-mlflow in the job and leave mlflow-auth out; it signs in by itself",
  databricks: "leave mlflow-auth out: set DATABRICKS_HOST with DATABRICKS_TOKEN, or with DATABRICKS_CLIENT_ID and " +
    "DATABRICKS_CLIENT_SECRET, or name a profile of ~/.databrickscfg: export DATABRICKS_CONFIG_PROFILE=NAME",
  arn: "install sagemaker-mlflow in the job; it signs in with AWS credentials",
};

/** Schemes that never use the variables: a managed service is a failure, a local store a warning. */
function foreignNote(uri: string): Note {
  const scheme = /^\s*([a-z][a-z0-9+.-]*)(?::|$)/i.exec(uri)?.[1]?.toLowerCase();
  const service = Object.keys(MANAGED).find((name) => scheme === name || scheme === `${name}-uc`);
  const error = new AuthError("mlflow-uri-unsupported", {
    message: `Cannot use the credential with "MLFLOW_TRACKING_URI": ${
      service !== undefined ? `clients of ${service} ignore it` : "it names no server, but a local store"
    }`,
    remedy: MANAGED[service ?? ""] ?? "name an MLflow server: export MLFLOW_TRACKING_URI=https://HOST",
  });
  return failed(error, service === undefined ? "warn" : "fail");
}

/** MLflow refuses to send anything with both switches set; with the first alone, it sends the credential to anybody. */
function switchNotes(settings: Pick<Settings, "insecureTls" | "serverCertPath">): Note[] {
  if (!settings.insecureTls.value) return [];
  if (settings.serverCertPath.value === undefined) {
    return [warn("tls-untrusted", {
      message:
        'Cannot trust the tracking server: "MLFLOW_TRACKING_INSECURE_TLS" switches off the check of its certificate',
      remedy: "unset MLFLOW_TRACKING_INSECURE_TLS; export MLFLOW_TRACKING_SERVER_CERT_PATH=<PEM file with its root>",
    })];
  }
  return [failed(
    new AuthError("setting-conflict", {
      message:
        'Cannot use "MLFLOW_TRACKING_INSECURE_TLS": "MLFLOW_TRACKING_SERVER_CERT_PATH" is set, and MLflow refuses both',
      remedy: "unset MLFLOW_TRACKING_INSECURE_TLS",
    }),
  )];
}

/** What else than the tracking server clients send the credential to, and what not to set where that is no server of its own. */
const ELSEWHERE: readonly (readonly [name: string, what: string])[] = [
  ["MLFLOW_REGISTRY_URI", "the registry"],
  ["MLFLOW_DEPLOYMENTS_TARGET", "the AI gateway"],
  ["MLFLOW_GATEWAY_URI", "the AI gateway"],
  ["MLFLOW_WORKSPACE_STORE_URI", "the store of workspaces"],
];

/**
 * What the variables say that name a server besides the tracking server: clients send its credential there too.
 *
 * @param tracking value of `MLFLOW_TRACKING_URI`
 * @param env where the others are
 * @returns a warning for each http(s) server that is another one
 *
 * @example
 * ```ts
 * import { elsewhereNotes } from "./tracking_uri.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(elsewhereNotes("https://mlflow.example/a", { MLFLOW_REGISTRY_URI: "https://mlflow.example/b" }), []);
 * const [note] = elsewhereNotes("https://mlflow.example", { MLFLOW_DEPLOYMENTS_TARGET: "https://other.example" });
 * assert.equal(note?.code, "registry-elsewhere");
 * ```
 */
export function elsewhereNotes(
  tracking: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): readonly Note[] {
  const server = trackingUrl(tracking ?? "");
  return ELSEWHERE.flatMap(([name, what]) => {
    const other = trackingUrl(env[name] ?? "");
    if (other === undefined || other.origin === server?.origin) return [];
    return [warn("registry-elsewhere", {
      message: `Cannot keep the credential to one server: ${name} names "${other.host}", which gets it too`,
      remedy: `if ${what} is on the tracking server: unset ${name}`,
    })];
  });
}
