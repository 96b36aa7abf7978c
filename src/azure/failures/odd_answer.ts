/** A part of Azure that is asked for a token or a secret. */
export type AzureService = "vault" | "entra" | "managed-identity" | "pipelines";

/** What an answer's body is. */
export type OddBody = "empty" | "page" | "json" | "text";

/** An answer that is none of the service's own, or that the SDK's reader would lose what it says of. */
export interface OddAnswer {
  readonly service: AzureService;
  /** Host that answered, with its port where it is not the default. */
  readonly host: string;
  readonly status: number;
  readonly body: OddBody;
  /** What a managed identity endpoint says of the identity that it was asked for, by its words; nothing of them is repeated. */
  readonly identity: "unknown" | "several" | "updating" | undefined;
}

/** What of a request and its answer tells whose answer it is. */
export interface Exchange {
  readonly url: string;
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  readonly body: string;
}

type Json = Readonly<Record<string, unknown>>;

function jsonOf(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    // Whatever else it is, it is no answer of these services.
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
// A negative one is that of a token which has ended.
const isSeconds = (value: unknown): boolean => /^-?\d{1,12}$/.test(String(value));

/** Whether an answer is one that the SDK reads to its end; every other one is told by its status and its body. */
const IS_EXPECTED: Readonly<Record<AzureService, (answer: Exchange, json: Json | undefined) => boolean>> = {
  "vault": ({ status, headers }, json) => {
    if (status === 200) {
      return typeof json?.["value"] === "string" &&
        (json["attributes"] === undefined || isObject(json["attributes"])) &&
        /^https?:\/\/[^/]+\/secrets\/[^/]+(\/[^/]+)?\/?$/.test(String(json["id"]));
    }
    if (status === 401 && /^\s*bearer /i.test(headers.get("www-authenticate") ?? "")) return true;
    return status >= 400 && isObject(json?.["error"]);
  },
  "entra": ({ status }, json) => {
    if (status === 200) return isText(json?.["access_token"]) && isSeconds(json["expires_in"]);
    return status >= 400 && isText(json?.["error"]) && /AADSTS\d/.test(String(json["error_description"]));
  },
  "managed-identity": ({ status, headers }, json) => {
    if (status === 401 && headers.get("www-authenticate") !== null) return true;
    if (status !== 200 || !isText(json?.["access_token"])) return false;
    return isSeconds(json["expires_on"]) || isSeconds(json["expires_in"]) || isText(json["expires_on"]);
  },
  "pipelines": ({ status }, json) => status === 200 && isText(json?.["oidcToken"]),
};

/** In every wording that Azure's endpoints have: IMDS, App Service, Container Apps, Azure ML, Arc. */
const SEVERAL = /multiple user[- ]?assigned/i;
const UNKNOWN =
  /identity not found|identitynotfound|no (\w+[- ])*(managed )?(service )?identit(y|ies)|no msi|not (been )?assigned|identity .{0,80}(not found|does not exist)|no identity/i;

/**
 * Tells an answer that the SDK would fail over from one that it reads.
 *
 * @param service who was asked
 * @param answer the answer, whole
 * @returns what it shows, or `undefined` for one of the service's own
 *
 * @example
 * ```ts
 * import { oddAnswer } from "./odd_answer.ts";
 * import assert from "node:assert/strict";
 *
 * const headers = new Headers();
 * const url = "http://169.254.169.254/metadata/identity/oauth2/token";
 * const body = '{"error":"invalid_request","error_description":"Multiple user assigned identities exist"}';
 * assert.deepEqual(oddAnswer("managed-identity", { url, status: 400, headers, body }), {
 *   service: "managed-identity",
 *   host: "169.254.169.254",
 *   status: 400,
 *   body: "json",
 *   identity: "several",
 * });
 * ```
 *
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling
 */
export function oddAnswer(service: AzureService, answer: Exchange): OddAnswer | undefined {
  const { url, status, body } = answer;
  const json = jsonOf(body);
  if (IS_EXPECTED[service](answer, json)) return undefined;
  const identity = service !== "managed-identity" || status === 200
    ? undefined
    : SEVERAL.test(body)
    ? "several"
    : UNKNOWN.test(body)
    ? "unknown"
    // So says the metadata service while it is being updated.
    : status === 404 && /\/metadata\/identity\/oauth2\/token\/?$/.test(new URL(url).pathname)
    ? "updating"
    : undefined;
  return { service, host: new URL(url).host, status, body: kindOf(answer, json), identity };
}

function kindOf({ headers, body }: Exchange, json: Json | undefined): OddBody {
  if (body.trim() === "") return "empty";
  if (json !== undefined) return "json";
  return /^\s*</.test(body) || /html/i.test(headers.get("content-type") ?? "") ? "page" : "text";
}
