import type { KeyObject } from "node:crypto";
import { ARC_KEY_FOLDER } from "./arc.ts";
import type { CloudName } from "./clouds.ts";
import type { Fault } from "./faults.ts";
import { IDS, SECRETS } from "./ids.ts";
import { makeSigningKey, type SigningKey } from "./jwt.ts";

export { IDS, SECRETS } from "./ids.ts";

/** An application of a tenant, with everything it may prove itself by. */
export interface Application {
  name: string;
  readonly clientId: string;
  /** Object id of its service principal, the `oid` of its tokens. */
  readonly objectId: string;
  readonly secrets: { readonly id: string; readonly value: string; expiresAtMs: number }[];
  readonly certificates: Certificate[];
  readonly federated: { issuer: string; subject: string; audience: string }[];
}

/** A certificate that was uploaded to an application. */
export interface Certificate {
  readonly sha1: string;
  readonly sha256: string;
  readonly publicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** A tenant of one cloud. */
export interface Tenant {
  readonly id: string;
  readonly cloud: CloudName;
  readonly name: string;
  /** Domains that name the tenant as well as its id does. */
  readonly domains: readonly string[];
  readonly applications: Application[];
  readonly apis: Api[];
}

/** A managed identity of the machine on which the test runs. */
export interface ManagedIdentity {
  readonly clientId: string;
  readonly objectId: string;
  readonly resourceId: string;
  readonly tenantId: string;
}

/** An application that others get tokens for, such as the one in front of a tracking server. */
export interface Api {
  /** Application (client) id; tokens are asked for by it or by one of its URIs. */
  readonly appId: string;
  /** Application ID URIs. */
  readonly uris: readonly string[];
  /** The application roles that each principal has, by its object id. */
  readonly roles: Map<string, readonly string[]>;
  /** Whether a principal without a role gets no token at all. */
  assignmentRequired: boolean;
  /** `requestedAccessTokenVersion` of its manifest; a token of version 1 names the URI, one of version 2 the id. */
  tokenVersion: 1 | 2;
}

/** One version of a secret. */
export interface SecretVersion {
  readonly id: string;
  value: string;
  contentType?: string;
  enabled: boolean;
  /** In seconds since the Unix epoch, as all times here. */
  created: number;
  updated: number;
  expires?: number;
  notBefore?: number;
  tags: Record<string, string>;
}

/** A vault. */
export interface Vault {
  readonly name: string;
  readonly cloud: CloudName;
  tenantId: string;
  /** How it decides who may read. */
  access: "rbac" | "access-policy";
  /** Object ids that may read secrets. */
  readonly readers: Set<string>;
  /** Which callers reach it: all, none through its firewall, or only those of its private endpoint. */
  network: "open" | "firewall" | "firewall-before-challenge" | "private-only";
  /** By name in lower case; versions from the oldest to the newest. */
  readonly secrets: Map<string, SecretVersion[]>;
}

/** Everything that Azure knows, for a test to change at any time. */
export interface World {
  readonly tenants: Tenant[];
  readonly vaults: Vault[];
  /** The vault that answers on `localhost` and `127.0.0.1`. */
  loopbackVault: string;
  /** The machine's own identity; `undefined` where it has none. */
  systemIdentity: ManagedIdentity | undefined;
  readonly userIdentities: ManagedIdentity[];
  /** Keys of the issuers that Entra ID can ask, by issuer. */
  readonly issuers: Map<string, SigningKey>;
  /** The key that signs Entra ID's own tokens. */
  readonly signingKey: SigningKey;
  /** Every token that was issued, so that a test can search for them where they must not be. */
  readonly issued: string[];
  readonly github: { requestToken: string; issuer: string; subject: string; allowed: boolean };
  readonly pipelines: { accessToken: string; issuer: string; connections: Map<string, string> };
  readonly workload: { issuer: string; subject: string };
  /** Value of `IDENTITY_HEADER`, and of `MSI_SECRET`. */
  readonly identityHeader: string;
  /** Where Azure Arc's agent says that its keys are; see `arc.ts`. */
  arcKeyFolder: string;
  /** Seconds for which an access token is valid. */
  tokenLifetimeSec: number;
  /** Added to the clock of everything here, in milliseconds: a wrong clock of the machine that runs the program. */
  clockOffsetMs: number;
  /** What goes wrong, the first that fits wins. */
  readonly faults: Fault[];
}

const AUDIENCE = "api://AzureADTokenExchange";
const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";
const PIPELINES_ISSUER = "https://vstoken.dev.azure.com/99999999-eeee-4eee-8eee-999999999999";
const RESOURCE_GROUP = "/subscriptions/77777777-ffff-4fff-8fff-777777777777/resourcegroups/ml";

/** Keys that sign tokens: a test that starts many worlds makes them once, as that takes longest. */
export interface SigningKeys {
  readonly entra: SigningKey;
  /** Of GitHub, Azure Pipelines and the cluster. */
  readonly issuers: SigningKey;
}

/**
 * @param bits size of Entra ID's key, where somebody else than the stand-in checks what it signs
 * @returns new signing keys
 */
export async function makeSigningKeys(bits?: number): Promise<SigningKeys> {
  const [entra, issuers] = await Promise.all([makeSigningKey("entra-key-1", bits), makeSigningKey("issuer-key-1")]);
  return { entra, issuers };
}

/**
 * Makes the world that tests start from: in each cloud a tenant with one application and a vault `team` that the application may
 * read, and an application for whose API it has a role; a system-assigned and a user-assigned identity that may read it too; GitHub, Azure Pipelines and a cluster as issuers.
 *
 * @param nowMs milliseconds since the Unix epoch
 * @param keys the keys that sign its tokens
 * @returns a world of its own, which the test may change
 */
export function makeWorld(nowMs: number, keys: SigningKeys): World {
  const workload = {
    issuer: "https://westeurope.oic.prod-aks.azure.com/11111111/cluster/",
    subject: "system:serviceaccount:training:trainer",
  };
  const githubSubject = "repo:contoso/training:ref:refs/heads/main";
  const pipelinesSubject = "sc://contoso/training/azure";
  const federated = [
    { issuer: workload.issuer, subject: workload.subject, audience: AUDIENCE },
    { issuer: GITHUB_ISSUER, subject: githubSubject, audience: AUDIENCE },
    { issuer: PIPELINES_ISSUER, subject: pipelinesSubject, audience: AUDIENCE },
  ];
  const clouds: readonly CloudName[] = ["public", "us-government", "china"];
  return {
    tenants: clouds.map((cloud) => makeTenant(cloud, federated, nowMs)),
    vaults: clouds.map((cloud) => makeVault("team", { cloud, nowMs })),
    loopbackVault: "team",
    systemIdentity: makeIdentity("trainer-vm", IDS.systemIdentity),
    userIdentities: [makeIdentity("trainer-identity", IDS.userIdentity)],
    issuers: new Map([[workload.issuer, keys.issuers], [GITHUB_ISSUER, keys.issuers], [
      PIPELINES_ISSUER,
      keys.issuers,
    ]]),
    signingKey: keys.entra,
    issued: [],
    github: { requestToken: IDS.githubRequestToken, issuer: GITHUB_ISSUER, subject: githubSubject, allowed: true },
    pipelines: {
      accessToken: IDS.pipelinesAccessToken,
      issuer: PIPELINES_ISSUER,
      connections: new Map([[IDS.connection, pipelinesSubject]]),
    },
    workload,
    identityHeader: IDS.identityHeader,
    arcKeyFolder: ARC_KEY_FOLDER,
    tokenLifetimeSec: 3599,
    clockOffsetMs: 0,
    faults: [],
  };
}

/**
 * @param name the vault's name, the first label of its host
 * @param options its cloud and the time at which its secrets were made
 * @returns a vault as in {@link makeWorld}, with the secrets of {@link SECRETS}
 */
export function makeVault(
  name: string,
  { cloud, nowMs }: { readonly cloud: CloudName; readonly nowMs: number },
): Vault {
  const created = Math.floor(nowMs / 1000) - 86_400;
  const version = (id: string, value: string): SecretVersion => ({
    id,
    value,
    enabled: true,
    created,
    updated: created,
    contentType: value.startsWith("{") ? "application/json" : "text/plain",
    tags: { owner: "ml-team" },
  });
  return {
    name,
    cloud,
    tenantId: IDS.tenants[cloud],
    access: "rbac",
    readers: new Set([IDS.principal, IDS.systemIdentity.principal, IDS.userIdentity.principal]),
    network: "open",
    secrets: new Map(
      Object.entries(SECRETS).map(([secret, value]) => [secret, [
        version(IDS.versions[0], value.replace("canary", "canary-old")),
        version(IDS.versions[1], value),
      ]]),
    ),
  };
}

function makeTenant(cloud: CloudName, federated: Application["federated"], nowMs: number): Tenant {
  return {
    id: IDS.tenants[cloud],
    cloud,
    name: "Contoso",
    domains: [`contoso-${cloud}.onmicrosoft.com`],
    applications: [{
      name: "mlflow-training",
      clientId: IDS.client,
      objectId: IDS.principal,
      secrets: [{ id: IDS.secretId, value: IDS.clientSecret, expiresAtMs: nowMs + 90 * 86_400_000 }],
      certificates: [],
      federated: federated.map((one) => ({ ...one })),
    }],
    apis: [{
      appId: IDS.api,
      uris: [`api://${IDS.api}`, "https://mlflow.contoso.example"],
      roles: new Map(
        [IDS.principal, IDS.systemIdentity.principal, IDS.userIdentity.principal].map((id) => [id, ["Tracking.Write"]]),
      ),
      assignmentRequired: false,
      tokenVersion: 2,
    }],
  };
}

function makeIdentity(name: string, ids: { readonly client: string; readonly principal: string }): ManagedIdentity {
  return {
    clientId: ids.client,
    objectId: ids.principal,
    resourceId: `${RESOURCE_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
    tenantId: IDS.tenants.public,
  };
}
