import { AuthError } from "../../core/errors.ts";
import { startCountdown } from "../../core/countdown.ts";
import type { Host } from "../../core/host.ts";
import type { Availability, DetectionContext, Identity } from "./identity.ts";
import { connectWorkloadIdentity } from "./workload_identity.ts";

const title = "managed identity";
const PROBE_MS = 1_000;

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "";

/** Where the endpoint of this machine is, by the variables that the platform sets. */
function endpointAvailability(env: Host["env"]): Availability | AuthError {
  const endpoint = isSet(env.IDENTITY_ENDPOINT);
  if (endpoint && isSet(env.IDENTITY_HEADER) && isSet(env.IDENTITY_SERVER_THUMBPRINT)) {
    return new AuthError("identity-unsupported", {
      message: `Cannot use "${title}": Service Fabric's endpoint has a certificate that cannot be checked here`,
      remedy: "use another identity: export AZURE_TOKEN_CREDENTIALS=EnvironmentCredential",
    });
  }
  if ((endpoint && (isSet(env.IDENTITY_HEADER) || isSet(env.IMDS_ENDPOINT))) || isSet(env.MSI_ENDPOINT)) {
    return { is: "configured", reason: `${endpoint ? "IDENTITY_ENDPOINT" : "MSI_ENDPOINT"} is set` };
  }
  if (endpoint) {
    return new AuthError("identity-incomplete", {
      message: `Cannot use "${title}": IDENTITY_ENDPOINT is set, but neither IDENTITY_HEADER nor IMDS_ENDPOINT is`,
      remedy: "leave these variables as the platform sets them, or: unset IDENTITY_ENDPOINT",
    });
  }
  return { is: "possible", reason: "no variable names a managed identity endpoint" };
}

function arcAgent({ host }: DetectionContext): string {
  return host.platform === "windows"
    ? `${host.env.ProgramFiles ?? "C:\\Program Files"}\\AzureConnectedMachineAgent\\himds.exe`
    : "/opt/azcmagent/bin/himds";
}

/**
 * The request that finds out whether a metadata service is there. It lacks the header that a token needs, so it gets none.
 *
 * @param env the environment, which may name another host
 * @returns the request's URL
 *
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http
 */
export function probeUrl(env: Host["env"]): string {
  const base = isSet(env.AZURE_POD_IDENTITY_AUTHORITY_HOST)
    ? env.AZURE_POD_IDENTITY_AUTHORITY_HOST
    : "http://169.254.169.254";
  return new URL("/metadata/identity/oauth2/token?api-version=2018-02-01", base).href;
}

async function probe({ host }: DetectionContext): Promise<Availability> {
  const late = startCountdown(PROBE_MS, host);
  const absent: Availability = { is: "absent", reason: "no metadata service answered within 1 s" };
  try {
    const response = await host.fetch(
      new Request(probeUrl(host.env), { redirect: "manual", signal: late.signal }),
    );
    const text = await response.text();
    // Docker Desktop answers in the service's place.
    return response.status === 403 && text.includes("unreachable")
      ? absent
      : { is: "configured", reason: "a metadata service answers" };
  } catch {
    // Any reason means the same here: there is no such service.
    return absent;
  } finally {
    late.stop();
  }
}

/**
 * The identity that Azure gave to this machine: App Service, Functions, Container Apps, Azure ML, Cloud Shell, Arc, VM, ACI.
 *
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
 */
export const managedIdentity: Identity = {
  name: "managed-identity",
  title,
  sdkNames: ["ManagedIdentityCredential"],
  group: "prod",
  needs: "a machine on Azure with an identity: az vm identity assign, az webapp identity assign, …",
  detect: async (at) => {
    const availability = endpointAvailability(at.host.env);
    if (availability instanceof AuthError) throw availability;
    if (availability.is === "possible" && await at.host.isFile(arcAgent(at))) {
      return { is: "configured", reason: "the agent of Azure Arc is installed" };
    }
    return availability;
  },
  confirm: probe,
  tenant: () => "any",
  connect: async (context) => {
    const { settings, options } = context;
    // With a federated token the SDK does as workload identity, but without our HTTP client and authority: go there ourselves.
    const { federatedTokenFile, tenantId, clientId } = settings;
    if ([federatedTokenFile, tenantId, clientId].every(({ value }) => isSet(value))) {
      return await connectWorkloadIdentity(context);
    }
    await context.leave();
    const { forgetTokens, ManagedIdentityCredential } = await import("../sdk/managed_identity.ts");
    forgetTokens();
    return new ManagedIdentityCredential({
      ...options,
      ...(clientId.value === undefined ? {} : { clientId: clientId.value }),
    });
  },
};
