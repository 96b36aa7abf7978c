/** What a sentence of Entra ID may name. */
export interface Details {
  readonly tenant?: string;
  readonly clientId?: string;
  readonly subject?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly scope?: string;
  readonly thumbprint?: string;
  readonly reason?: string;
  readonly now?: string;
  readonly from?: string;
  readonly until?: string;
}

interface Row {
  readonly status: 400 | 401;
  readonly error: string;
  readonly text: (details: Details) => string;
}

const FEDERATION = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const CERTIFICATES = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials";
const CHECK =
  `Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${FEDERATION}`;

/**
 * The refusals of Entra ID's token endpoint, by the number after `AADSTS`: status, OAuth error and sentence.
 *
 * See https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const ENTRA_ERRORS = {
  50027: {
    status: 400,
    error: "invalid_request",
    text: () => "JWT token is invalid or malformed.",
  },
  50196: {
    status: 400,
    error: "invalid_grant",
    text: () =>
      "The server terminated an operation because it encountered a client request loop. Please contact your app vendor.",
  },
  53003: {
    status: 400,
    error: "invalid_grant",
    text: () =>
      "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  },
  65001: {
    status: 400,
    error: "invalid_grant",
    text: ({ clientId }) =>
      `The user or administrator has not consented to use the application with ID '${clientId}'. Send an interactive authorization request for this user and resource.`,
  },
  70003: {
    status: 400,
    error: "unsupported_grant_type",
    text: () => "The app requested an unsupported grant type.",
  },
  70011: {
    status: 400,
    error: "invalid_scope",
    text: ({ scope }) =>
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  },
  70021: {
    status: 401,
    error: "invalid_client",
    text: ({ issuer, subject, audience }) =>
      `No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. Assertion Subject: '${subject}'. Assertion Audience: '${audience}'. ${FEDERATION}`,
  },
  90002: {
    status: 400,
    error: "invalid_request",
    text: ({ tenant }) =>
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  },
  500011: {
    status: 400,
    error: "invalid_resource",
    text: ({ scope, tenant }) =>
      `The resource principal named ${scope} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  },
  501051: {
    status: 400,
    error: "invalid_grant",
    text: ({ clientId, scope }) =>
      `Application '${clientId}' is not assigned to a role for the application '${scope}'.`,
  },
  700016: {
    status: 400,
    error: "unauthorized_client",
    text: ({ clientId, tenant }) =>
      `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  },
  700021: {
    status: 401,
    error: "invalid_client",
    text: () =>
      `Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at ${CERTIFICATES} .`,
  },
  700023: {
    status: 401,
    error: "invalid_client",
    text: () =>
      `Client assertion audience claim does not match Realm issuer. Review the documentation at ${CERTIFICATES} .`,
  },
  700024: {
    status: 401,
    error: "invalid_client",
    text: ({ now, from, until }) =>
      `Client assertion is not within its valid time range. Current time: ${now}, assertion valid from ${from}, expiry time of assertion ${until}. Review the documentation at ${CERTIFICATES} .`,
  },
  700027: {
    status: 401,
    error: "invalid_client",
    text: ({ reason, thumbprint, clientId }) =>
      `${
        reason === "The key was not found."
          ? "The certificate with identifier used to sign the client assertion is not registered on application."
          : "Client assertion contains an invalid signature."
      } [Reason - ${reason}, Thumbprint of key used by client: '${thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${clientId}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such as 'https://graph.microsoft.com/beta/applications/${clientId}'].`,
  },
  700211: {
    status: 401,
    error: "invalid_client",
    text: ({ issuer }) =>
      `No matching federated identity record found for presented assertion issuer '${issuer}'. ${CHECK}`,
  },
  700212: {
    status: 401,
    error: "invalid_client",
    text: ({ audience }) =>
      `No matching federated identity record found for presented assertion audience '${audience}'. ${CHECK}`,
  },
  700213: {
    status: 401,
    error: "invalid_client",
    text: ({ subject }) =>
      `No matching federated identity record found for presented assertion subject '${subject}'. ${CHECK}`,
  },
  900023: {
    status: 400,
    error: "invalid_request",
    text: ({ tenant }) =>
      `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
  },
  900144: {
    status: 400,
    error: "invalid_request",
    text: ({ reason }) => `The request body must contain the following parameter: '${reason}'.`,
  },
  1002012: {
    status: 400,
    error: "invalid_scope",
    text: ({ scope }) =>
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  },
  7000215: {
    status: 401,
    error: "invalid_client",
    text: ({ clientId }) =>
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  },
  7000218: {
    status: 401,
    error: "invalid_client",
    text: () => "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  7000222: {
    status: 401,
    error: "invalid_client",
    text: ({ clientId }) =>
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  },
  7002137: {
    status: 401,
    error: "invalid_client",
    text: ({ subject }) =>
      `No matching federated identity record found for presented assertion subject '${subject}'. Please make sure the federated identity credential Subject is the one of the presented assertion.`,
  },
  7002138: {
    status: 401,
    error: "invalid_client",
    text: ({ subject }) =>
      `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${CHECK}`,
  },
} as const satisfies Readonly<Record<number, Row>>;

/** A number of {@link ENTRA_ERRORS}. */
export type EntraCode = keyof typeof ENTRA_ERRORS;

/**
 * @param code the number after `AADSTS`
 * @param details what its sentence names, and the time in milliseconds since the Unix epoch
 * @returns the answer, in the exact shape in which Entra ID gives it
 */
export function entraRefusal(code: EntraCode, details: Details & { readonly nowMs: number }): Response {
  const row: Row = ENTRA_ERRORS[code];
  const timestamp = new Date(details.nowMs).toISOString().replace("T", " ").replace(/\.\d+Z$/, "Z");
  const [trace, correlation] = [crypto.randomUUID(), crypto.randomUUID()];
  return entraAnswer(row.status, {
    error: row.error,
    error_description: `AADSTS${code}: ${
      row.text(details)
    } Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}

/** @returns JSON with the headers that Entra ID sends along with it */
export function entraAnswer(status: number, body: unknown): Response {
  return Response.json(body, {
    status,
    headers: {
      "cache-control": "no-store, no-cache",
      "content-type": "application/json; charset=utf-8",
      "pragma": "no-cache",
      "expires": "-1",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "p3p": 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
      "x-ms-request-id": crypto.randomUUID(),
      "x-ms-ests-server": "2.1.22222.1 - WEULR1 ProdSlices",
      "x-ms-srs": "1.P",
      "x-xss-protection": "0",
    },
  });
}
