import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { Fault, Mishap } from "../../support/azure/faults.ts";
import type { IdentityName } from "../../support/azure/identity_env.ts";

/** A service that answers something, and who the program has to be to ask it. */
export interface Answerer {
  readonly name: string;
  readonly identity: IdentityName;
  readonly on: Pick<Fault, "service" | "signed">;
  readonly env?: Readonly<Record<string, string>>;
}

/** Every service that the program asks before it has a credential; a vault twice, as it is asked with a token only then. */
export const ANSWERERS: readonly Answerer[] = [
  { name: "Entra ID", identity: "client-secret", on: { service: "entra" } },
  { name: "the vault, without a token", identity: "client-secret", on: { service: "vault", signed: false } },
  { name: "the vault, with a token", identity: "client-secret", on: { service: "vault", signed: true } },
  {
    name: "the metadata service",
    identity: "imds",
    on: { service: "managed-identity" },
    env: { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" },
  },
  { name: "App Service", identity: "app-service", on: { service: "managed-identity" } },
  { name: "GitHub", identity: "github", on: { service: "github" } },
  { name: "Azure Pipelines", identity: "pipelines", on: { service: "pipelines" } },
];

/** What must not be seen of an answer. */
const SAY = "upstream-canary";

const oddSecret = (value: string): unknown => ({
  value,
  id: `https://team.vault.azure.net/secrets/mlflow/${"0".repeat(32)}`,
  attributes: { enabled: true, created: 1, updated: 1, recoveryLevel: SAY },
});

/**
 * Answers with a word that nobody may see, wherever an answer has room for one.
 *
 * @param elsewhere a server that redirects lead to
 * @returns each by what it is
 */
export function oddAnswers(elsewhere: string): Readonly<Record<string, Mishap>> {
  const answer = (status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}): Mishap => ({
    kind: "answer",
    status,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const entra = {
    error: "invalid_client",
    error_description: `AADSTS7000215: Invalid client secret provided. ${SAY}\r\nTrace ID: ${SAY}`,
    error_codes: [7000215],
    ...{ trace_id: SAY, correlation_id: SAY, error_uri: `https://login.example/?${SAY}`, suberror: SAY, claims: SAY },
  };
  const vault = { error: { code: "Forbidden", message: SAY, innererror: { code: SAY, message: SAY } } };
  const inForms = [
    Buffer.from(SAY).toString("base64"),
    Buffer.from(SAY).toString("hex"),
    Buffer.from(SAY, "utf16le").toString("latin1"),
    encodeURIComponent(`${SAY} x`),
  ].join(" ");
  // The host of its resource is what an error names.
  const challenge =
    `Bearer authorization="https://login.microsoftonline.com/${SAY}", resource="https://vault.example/${SAY}", error="${SAY}"`;
  const named = { "x-ms-request-id": SAY, "x-ms-error-code": SAY, "x-ms-keyvault-region": SAY, "server": SAY };
  return {
    "a refusal of Entra ID": answer(400, entra),
    "a refusal of Key Vault": answer(403, vault, named),
    "an error of both in one": answer(401, { ...entra, ...vault, message: SAY, Message: SAY }, named),
    "a page that fails": answer(503, `<html><title>${SAY}</title></html>`, { "content-type": "text/html" }),
    "a page that succeeds": answer(200, `<html><title>${SAY}</title></html>`, { "content-type": "text/html" }),
    "other spellings": answer(500, inForms),
    "a challenge": answer(401, { error: SAY }, { "www-authenticate": challenge, ...named }),
    "a challenge that leads elsewhere": answer(401, "", {
      "www-authenticate": `Bearer authorization="${elsewhere}/tenant", resource="${elsewhere}"`,
    }),
    "a redirect that keeps the request": answer(307, SAY, { location: `${elsewhere}/there?${SAY}#${SAY}` }),
    "a redirect that does not": answer(302, SAY, { location: `${elsewhere}/there?${SAY}#${SAY}` }),
    "more than is read": answer(200, SAY.repeat(200_000)),
    "more than is read, compressed": answer(200, gzipSync(Buffer.alloc(32 * 1024 * 1024, SAY)), {
      "content-encoding": "gzip",
    }),
    "orders to a terminal and a runner": answer(400, {
      error: `\x1b]0;${SAY}\x07\n::add-mask::${SAY}`,
      code: `\x1b[2J`,
    }),
    "a token and a secret that are odd": answer(200, {
      ...{ access_token: SAY, token_type: SAY, expires_in: SAY, expires_on: SAY, oidcToken: SAY },
      ...{ value: SAY, id: SAY, attributes: SAY },
    }),
    "a secret that is half JSON": answer(200, oddSecret(`{"token": "${SAY}"`)),
    "a secret of other members": answer(200, oddSecret(`{"tokn": "${SAY}", "${SAY}": 1}`)),
    "a secret with a prefix": answer(200, oddSecret(`Bearer ${SAY}`)),
    "a secret of two lines": answer(200, oddSecret(`${SAY}\n${SAY}`)),
  };
}
