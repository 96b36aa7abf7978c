import { IDS } from "../../support/azure/ids.ts";

/** One service that may answer anything, and who has to be blamed for it. */
export interface FuzzedService {
  readonly name: string;
  /** Variables that make the program ask it. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether a request is the one that is answered oddly. */
  readonly fits: (url: URL, isSigned: boolean) => boolean;
  /** Codes that blame the service, or what stands between. */
  readonly blames: RegExp;
}

/** An answer. */
export interface OddResponse {
  readonly status: number;
  readonly type: string;
  readonly bodyName: string;
  readonly body: string;
}

const principal = { AZURE_TENANT_ID: IDS.tenants.public, AZURE_CLIENT_ID: IDS.client };
const secret = { ...principal, AZURE_CLIENT_SECRET: IDS.clientSecret };
const local = "http://127.0.0.1:41000";
const isVault = (url: URL): boolean => url.pathname.startsWith("/secrets/");
const VAULT = /^(vault-|secret-|credential-|network-proxy$|network-failed$|tenant-mismatch$)/;
const ENTRA = /^(entra-|network-proxy$|network-failed$)/;
const ENDPOINT = /^(managed-identity-|network-proxy$|network-failed$|identity-unsupported$)/;

/** Every service that the program asks for a token or a secret. */
export const SERVICES: readonly FuzzedService[] = [
  { name: "vault, challenge", env: secret, fits: (url, isSigned) => isVault(url) && !isSigned, blames: VAULT },
  { name: "vault, secret", env: secret, fits: (url, isSigned) => isVault(url) && isSigned, blames: VAULT },
  { name: "Entra ID", env: secret, fits: (url) => url.pathname.endsWith("/oauth2/v2.0/token"), blames: ENTRA },
  {
    name: "IMDS",
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: local, AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" },
    fits: (url) => url.pathname.startsWith("/metadata/"),
    blames: ENDPOINT,
  },
  {
    name: "IMDS, user-assigned",
    env: {
      AZURE_POD_IDENTITY_AUTHORITY_HOST: local,
      AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
      AZURE_CLIENT_ID: IDS.userIdentity.client,
    },
    fits: (url) => url.pathname.startsWith("/metadata/"),
    blames: ENDPOINT,
  },
  {
    name: "App Service",
    env: { IDENTITY_ENDPOINT: `${local}/msi/token`, IDENTITY_HEADER: IDS.identityHeader },
    fits: (url) => url.pathname === "/msi/token",
    blames: ENDPOINT,
  },
  {
    name: "Azure ML",
    env: { MSI_ENDPOINT: `${local}/ml/token`, MSI_SECRET: IDS.identityHeader },
    fits: (url) => url.pathname === "/ml/token",
    blames: ENDPOINT,
  },
  {
    name: "Cloud Shell",
    env: { MSI_ENDPOINT: `${local}/shell/token` },
    fits: (url) => url.pathname === "/shell/token",
    blames: ENDPOINT,
  },
  {
    name: "Arc",
    env: { IDENTITY_ENDPOINT: `${local}/arc/token`, IMDS_ENDPOINT: local },
    fits: (url) => url.pathname === "/arc/token",
    blames: ENDPOINT,
  },
  {
    name: "GitHub",
    env: {
      ...principal,
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://pipelines.actions.githubusercontent.com/oidc?api-version=2.0",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: IDS.githubRequestToken,
    },
    fits: (url) => url.hostname.endsWith("githubusercontent.com"),
    blames: /^(github-oidc-refused|network-proxy|network-failed|entra-.*)$/,
  },
  {
    name: "Azure Pipelines",
    env: {
      ...principal,
      SYSTEM_OIDCREQUESTURI: "https://dev.azure.com/team/_apis/oidctoken",
      SYSTEM_ACCESSTOKEN: IDS.pipelinesAccessToken,
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: IDS.connection,
    },
    fits: (url) => url.hostname === "dev.azure.com",
    blames: /^(pipelines-oidc-unavailable|network-proxy|network-failed|entra-.*)$/,
  },
];

/** Statuses that services, gateways and proxies answer with. */
export const STATUSES = [200, 201, 204, 301, 302, 400, 401, 403, 404, 408, 410, 429, 500, 501, 503, 504];
/** Media types; the last is none. */
export const TYPES = ["application/json", "text/html; charset=utf-8", ""];
/** Bodies by what they are. */
export const BODIES: Readonly<Record<string, string>> = {
  "nothing": "",
  "an empty object": "{}",
  "half an object": "{",
  "a list": "[]",
  "null": "null",
  "a number": "5",
  "a JSON string": '"canary"',
  "a page": "<!doctype html><html><body>canary</body></html>",
  "a text": "upstream connect error: canary",
  "an error without words": '{"error":{}}',
  "an error of text": '{"error":"canary","error_description":"canary"}',
  "an error of null": '{"error":null}',
  "a Key Vault error": '{"error":{"code":"Forbidden","message":"canary","innererror":{"code":"ForbiddenByRbac"}}}',
  "an error of other kinds": '{"error":{"code":5,"message":[],"innererror":"x"}}',
  "several identities": '{"error":"invalid_request","error_description":"Multiple user assigned identities exist"}',
  "no identity": '{"StatusCode":400,"Message":"No MSI found for specified ClientId/ResourceId."}',
  "an AADSTS error": '{"error":"invalid_client","error_description":"AADSTS7000215: canary","error_codes":[7000215]}',
  "a token of other kinds": '{"access_token":5,"expires_in":"soon","expires_on":{},"oidcToken":[],"value":{}}',
  "a token without an end": '{"access_token":"canary","oidcToken":"canary"}',
  "a secret with odd dates":
    '{"value":"canary","id":"https://x","attributes":{"exp":"soon","nbf":1e99,"created":[]},"tags":5}',
  "a secret with odd attributes": '{"value":"canary","attributes":"x","contentType":7,"id":5}',
  "a wrong encoding of text": "\ud800canary",
};

/** Every combination of status, body and media type. */
export const RESPONSES: readonly OddResponse[] = STATUSES.flatMap((status) =>
  Object.entries(BODIES).flatMap(([bodyName, body]) => TYPES.map((type) => ({ status, type, bodyName, body })))
);
