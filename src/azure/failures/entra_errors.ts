import { AuthError, type ErrorCode } from "../../core/errors.ts";
import { pathWord } from "../../core/shown.ts";
import { certificateLine } from "../pkcs12/certificate_line.ts";
import type { FailureContext } from "./failure_context.ts";

interface Row {
  readonly numbers: readonly number[];
  readonly code: ErrorCode;
  /** Ends the sentence `Cannot get a token from "<authority>": …`. */
  readonly is: (context: FailureContext) => string;
  readonly remedy: (context: FailureContext) => string;
}

const app = ({ clientId }: FailureContext): string => clientId ?? "<client id>";
const tenant = ({ tenantId }: FailureContext): string => tenantId ?? "<tenant id>";
const newSecret = (context: FailureContext): string => `az ad app credential reset --id ${app(context)} --append`;
const resource = ({ scope = "https://vault.azure.net" }: FailureContext): string => scope.replace(/\/\.default$/, "");
const whose = ({ clientId, identity }: FailureContext): string =>
  clientId === undefined ? `the ${identity.title}` : `application ${clientId}`;
const federated = (context: FailureContext): string => `az ad app federated-credential list --id ${app(context)}`;

const SECRET_REMEDIES: Readonly<Record<string, string>> = {
  "ends in a line break": 'export AZURE_CLIENT_SECRET="$(printf %s "$AZURE_CLIENT_SECRET")"',
  "stands in quotes": "set AZURE_CLIENT_SECRET without the quotes around it; docker's --env-file keeps quotes",
};

/** The failures of Entra ID that have their own remedy. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export const ENTRA_ROWS: readonly Row[] = [
  {
    numbers: [7000215],
    code: "entra-secret-wrong",
    is: (context) =>
      `the client secret of application ${app(context)} is wrong${
        context.secretFlaw === undefined ? "" : `: AZURE_CLIENT_SECRET ${context.secretFlaw}`
      }`,
    remedy: (context) =>
      context.secretFlaw !== undefined
        ? SECRET_REMEDIES[context.secretFlaw] ??
          `set AZURE_CLIENT_SECRET to the secret's value; for a new one: ${newSecret(context)}`
        : `set AZURE_CLIENT_SECRET to the secret's value, not its id; for a new one: ${newSecret(context)}`,
  },
  {
    numbers: [7000222],
    code: "entra-secret-expired",
    is: (context) => `the client secret of application ${app(context)} has expired`,
    remedy: (context) => `make a new one and set AZURE_CLIENT_SECRET to its password: ${newSecret(context)}`,
  },
  {
    numbers: [90002, 900023],
    code: "entra-tenant-unknown",
    is: (context) => `there is no tenant ${tenant(context)} in this cloud`,
    remedy: () => "check AZURE_TENANT_ID and the cloud: az account show --query tenantId --output tsv",
  },
  {
    numbers: [700016],
    code: "entra-app-unknown",
    is: (context) => `tenant ${tenant(context)} has no application ${app(context)}`,
    remedy: (context) =>
      `check AZURE_CLIENT_ID and AZURE_TENANT_ID: az ad sp show --id ${app(context)} --query appOwnerOrganizationId`,
  },
  {
    numbers: [700027],
    code: "entra-certificate-unknown",
    is: (context) => `the certificate is not registered with application ${app(context)}`,
    remedy: (context) =>
      `${certificateLine(context.certificate ?? { path: "<file>" }, "-out app.crt")}; ` +
      `az ad app credential reset --id ${app(context)} --cert @app.crt --append`,
  },
  {
    numbers: [700024],
    code: "entra-assertion-expired",
    is: () => "the assertion is outside its time range",
    remedy: (context) =>
      context.federatedTokenFile === undefined || context.identity.name !== "workload-identity"
        ? "set the clock: sudo timedatectl set-ntp true"
        : `set the clock, or have the token file renewed: ls -l ${pathWord(context.federatedTokenFile)}`,
  },
  {
    numbers: [700023, 700021],
    code: "entra-assertion-audience",
    is: () => "the assertion was made for another authority or application",
    remedy: (context) =>
      `check AZURE_CLIENT_ID (${app(context)}) and AZURE_AUTHORITY_HOST (${context.authority.host}): ` +
      `az ad app show --id ${app(context)}`,
  },
  {
    numbers: [700213, 7002138, 7002137],
    code: "entra-federation-mismatch",
    is: (context) => `no federated credential of application ${app(context)} has the subject of the assertion`,
    remedy: (context) => `make them equal, upper and lower case too: ${federated(context)}`,
  },
  {
    numbers: [700211],
    code: "entra-federation-mismatch",
    is: (context) => `no federated credential of application ${app(context)} has the issuer of the assertion`,
    remedy: (context) => `make them equal, upper and lower case too: ${federated(context)}`,
  },
  {
    numbers: [700212],
    code: "entra-federation-mismatch",
    is: (context) => `no federated credential of application ${app(context)} has the audience of the assertion`,
    remedy: (context) => `set the audience to api://AzureADTokenExchange: ${federated(context)}`,
  },
  {
    numbers: [70021, 700222],
    code: "entra-federation-mismatch",
    is: (context) => `no federated credential of application ${app(context)} matches the assertion`,
    remedy: (context) => `make issuer, subject and audience equal, upper and lower case too: ${federated(context)}`,
  },
  {
    numbers: [500011],
    code: "entra-resource-unknown",
    is: (context) => `tenant ${tenant(context)} has no application that is called ${resource(context)}`,
    remedy: (context) =>
      `correct MLFLOW_AZURE_TOKEN_SCOPE, or let the tenant have it: az ad sp create --id ${
        /^(?:api:\/\/)?([0-9a-f-]{36})/i.exec(resource(context))?.[1] ?? "<application id>"
      }`,
  },
  {
    numbers: [501051, 50105],
    code: "entra-not-assigned",
    is: (context) => `${whose(context)} has no role at ${resource(context)}, which asks for one`,
    remedy: () =>
      "assign one, with the file that docs/entra.md has: az rest --method POST --url " +
      "https://graph.microsoft.com/v1.0/servicePrincipals/<object id of the application>/appRoleAssignedTo --body @role.json",
  },
  {
    numbers: [65001],
    code: "entra-consent-missing",
    is: (context) => `nobody has consented that ${whose(context)} may use ${resource(context)}`,
    remedy: (context) => `let an administrator consent: az ad app permission admin-consent --id ${app(context)}`,
  },
  {
    numbers: [1000002],
    code: "entra-consent-missing",
    is: (context) => `${whose(context)} has a sign-in that a person has to confirm`,
    remedy: (context) => `confirm it: az login --scope ${context.scope ?? "https://vault.azure.net/.default"}`,
  },
];

/**
 * The error for a failure of Entra ID, by its AADSTS number.
 *
 * @param number the number, such as 7000215
 * @param context the names to fill in
 * @returns the error; `entra-refused` for a number without a row
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function explainEntra(number: number, context: FailureContext & { readonly cause?: unknown }): AuthError {
  const doing = `Cannot get a token from "${context.authority.host}"`;
  const { skewMs, cause } = context;
  if (number === 700024 && skewMs !== undefined && Math.abs(skewMs) > 60_000) {
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    return new AuthError("clock-skew", {
      message: `${doing}: this machine's clock is ${minutes} min ${skewMs > 0 ? "ahead" : "behind"} (AADSTS${number})`,
      remedy: "set the clock: sudo timedatectl set-ntp true",
      cause,
    });
  }
  const row = ENTRA_ROWS.find((candidate) => candidate.numbers.includes(number));
  return new AuthError(row?.code ?? "entra-refused", {
    message: `${doing}: ${row?.is(context) ?? `it refuses the ${context.identity.title}`} (AADSTS${number})`,
    remedy: row?.remedy(context) ?? `look up what it means: https://login.microsoftonline.com/error?code=${number}`,
    cause,
  });
}
