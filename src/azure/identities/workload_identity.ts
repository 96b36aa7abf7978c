import { AuthError } from "../../core/errors.ts";
import { showPath } from "../../core/shown.ts";
import { connectAssertion } from "../sign_in/client_assertion.ts";
import type { Identity, TokenContext } from "./identity.ts";
import { incomplete, unset } from "../sign_in/incomplete.ts";
import { errorCode } from "../../core/error_code.ts";
import { tenantOf } from "../sign_in/tenant.ts";

const title = "workload identity";

/**
 * The error for a federated token file that cannot be read.
 *
 * @param path the file
 * @param code the system's code, such as `ENOENT`
 * @returns the error
 */
export function federatedTokenUnreadable(path: string, code: string): AuthError {
  return new AuthError("federated-token-unreadable", {
    message: `Cannot read the federated token file "${showPath(path)}": ${
      code === "ENOENT" ? "there is no such file" : code
    }`,
    remedy: "check AZURE_FEDERATED_TOKEN_FILE; on AKS label the pod azure.workload.identity/use=true, and look: " +
      "kubectl describe pod <pod>",
  });
}

/**
 * Checks that the federated token file can be read, and makes what gets tokens with it. What was read serves the first token; every
 * other one is asked for with what the file holds by then.
 *
 * @param context what tokens are got with
 * @returns the source of tokens
 * @throws {AuthError} `federated-token-unreadable`
 */
export async function connectWorkloadIdentity(context: TokenContext): ReturnType<Identity["connect"]> {
  const { settings, host, options } = context;
  const { bindingClient } = await import("../sign_in/token_proxy.ts");
  const httpClient = bindingClient(context);
  const path = settings.federatedTokenFile.value ?? "";
  const read = async (): Promise<string> => {
    let token: string;
    try {
      token = (await host.readText(path)).trim();
    } catch (error) {
      throw federatedTokenUnreadable(path, errorCode(error) ?? "it cannot be read");
    }
    if (token === "") throw federatedTokenUnreadable(path, "it is empty");
    return token;
  };
  let next: Promise<string> | undefined = Promise.resolve(await read());
  const assertion = (): Promise<string> => {
    const token = next ?? read();
    next = undefined;
    return token;
  };
  // Where an identity binding's endpoint is asked in Entra ID's place, nothing may ask before.
  const askAhead = httpClient === options.httpClient ? context.askAhead : undefined;
  return await connectAssertion({ ...context, options: { ...options, httpClient }, askAhead }, assertion);
}

/**
 * A pod (or any machine) that shows a token which its platform keeps in a file.
 *
 * @see https://learn.microsoft.com/azure/aks/workload-identity-overview
 */
export const workloadIdentity: Identity = {
  name: "workload-identity",
  title,
  sdkNames: ["WorkloadIdentityCredential"],
  group: "prod",
  needs: "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE",
  detect: async ({ settings }) => {
    if (settings.federatedTokenFile.value === undefined) {
      return { is: "absent", reason: "AZURE_FEDERATED_TOKEN_FILE is not set" };
    }
    const missing = unset({ AZURE_TENANT_ID: settings.tenantId.value, AZURE_CLIENT_ID: settings.clientId.value });
    if (missing.length > 0) throw incomplete(title, missing);
    const { tokenProxyOf } = await import("../sign_in/token_proxy.ts");
    const binding = tokenProxyOf(settings) === undefined ? "" : ", and an identity binding of the cluster";
    // In a function that waits, what is thrown is a rejection.
    return await Promise.resolve({ is: "configured", reason: `AZURE_FEDERATED_TOKEN_FILE is set${binding}` });
  },
  tenant: tenantOf,
  connect: connectWorkloadIdentity,
};
