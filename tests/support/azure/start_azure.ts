/**
 * A strict stand-in for the parts of Azure that the program talks to: Entra ID, the managed identity endpoints, GitHub's and Azure
 * Pipelines' OIDC issuers, and Key Vault. It needs Deno alone and answers on loopback alone.
 *
 * ```ts ignore
 * await using azure = await startAzure();
 * const env = { PATH, ...azure.env, ...azure.vault(), ...await azure.identity("client-secret") };
 * const run = await new Deno.Command("dist/mlflow-auth", { args: ["exec", "--", "env"], env, clearEnv: true }).output();
 * assert.equal(run.code, 0);
 * assert.deepEqual(azure.requests.map(({ service }) => service).sort(), ["entra", "vault", "vault"]);
 * ```
 *
 * - `azure.env` leads a child to it under Azure's real names: a CONNECT proxy (`HTTPS_PROXY`) maps them to its port and refuses
 *   every other name, and the CA bundle holds its root, so no check of the child is switched off. The metadata service's real address
 *   is out of reach: `AZURE_POD_IDENTITY_AUTHORITY_HOST` is always set.
 * - `azure.direct` leads there without the proxy, as `https://localhost:PORT`, for benches and for what refuses proxies.
 * - `azure.world` is everything Azure knows. Change it at any time: `azure.world.vaults[0].readers.clear()` takes the role away.
 * - `azure.world.faults.push({ kind: "reset", service: "vault", times: 1 })` lets things go wrong; see `faults.ts`.
 * - `azure.requests` is what arrived, in order. `azure.refused` is what the proxy turned away: a test of a request that must not
 *   be made asserts that both are empty.
 * - `azure.world.issued` holds every token that was issued, and every secret value contains `canary`: search outputs for them.
 *
 * `deno run -A tests/support/azure/main.ts` runs it for other processes.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { X509Certificate } from "node:crypto";
import { type ConnectProxy, startConnectProxy } from "../connect_proxy.ts";
import { type Flaw, makeAuthority, makeClientCertificate, type Pair, thumbprints } from "../tls.ts";
import { type CloudName, cloudOf, CLOUDS, GITHUB_HOST, NAMES, PIPELINES_HOST } from "./clouds.ts";
import { identityEnv, type IdentityName } from "./identity_env.ts";
import { publicKeyOf } from "./jwt.ts";
import { hostOf } from "./key_vault.ts";
import { assertion } from "./oidc_issuers.ts";
import { type Logged, type Port, serve } from "./serve.ts";
import { type Application, IDS, makeSigningKeys, makeWorld, type SigningKeys, type World } from "./world.ts";

/** What a stand-in's servers show in place of a good certificate; `plain` speaks http where https is expected. */
export type BadTls = Flaw | "plain";

/** How a stand-in is to be. */
export interface AzureOptions {
  /** What is wrong with the vaults' certificate. */
  readonly vaultTls?: BadTls;
  /** What is wrong with Entra ID's certificate. */
  readonly entraTls?: BadTls;
  /** Keys to sign tokens with, where many are started; new ones when they are not given. */
  readonly keys?: SigningKeys;
  /** The certificate of `identity("certificate")`; a new one when it is not given. */
  readonly principal?: Pair;
  /** An address of a network of the test's own, at whose port 443 Azure answers, for clients there to which its names lead. */
  readonly address?: string;
}

/** A stand-in that runs. */
export interface Azure extends AsyncDisposable {
  /** Variables that lead a child to it under Azure's real names. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that lead a child to it as `https://localhost:PORT`, vault and Entra ID alike. */
  readonly direct: Readonly<Record<string, string>>;
  /** Variables that name a vault and its secret; `team` of the public cloud and `mlflow` unless asked otherwise. */
  readonly vault: (
    options?: { readonly cloud?: CloudName; readonly secret?: string },
  ) => Readonly<Record<string, string>>;
  /** Variables (and the files they point at) that make a child somebody to Azure. */
  readonly identity: (name: IdentityName, cloud?: CloudName) => Promise<Readonly<Record<string, string>>>;
  /** Registers a certificate with the application of every cloud; `identity("certificate")` does so with its own. */
  readonly register: (certificate: string) => Promise<void>;
  /** Origins of the https port and of the plain http port. */
  readonly origins: { readonly tls: string; readonly vault: string; readonly plain: string };
  /** Path of the root's certificate. */
  readonly caPath: string;
  /** A folder for the test's own files; removed at the end. */
  readonly folder: string;
  /** Folder of the keys of Azure Arc's agent; for `onArc()`. */
  readonly arcKeys: string;
  readonly world: World;
  readonly requests: readonly Logged[];
  /** What the proxy turned away. */
  readonly refused: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Starts a stand-in.
 *
 * @param options what is to be wrong with its certificates, and its keys
 * @returns the stand-in; `await using` closes it and removes its folder
 */
export async function startAzure(options: AzureOptions = {}): Promise<Azure> {
  const authority = await makeAuthority("mlflow-auth test root");
  const world = makeWorld(Date.now(), options.keys ?? await makeSigningKeys());
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-azure-"));
  const caPath = join(folder, "ca.pem");
  await writeFile(caPath, authority.certificate);
  const arcKeys = join(folder, "arc-keys");
  await mkdir(arcKeys);
  const log: Logged[] = [];
  const keys = {
    write: (path: string, content: string) => writeFile(join(arcKeys, basename(path)), content, { mode: 0o600 }),
  };
  const open = async (flaw?: BadTls, at?: { readonly address: string; readonly port: number }): Promise<Port> =>
    await serve(world, { log, keys, at, ...(flaw === "plain" ? {} : { pair: await authority.server(NAMES, flaw) }) });
  const at = options.address === undefined ? undefined : { address: options.address, port: 443 };
  const [tls, plain] = await Promise.all([open(undefined, at), open("plain")]);
  const vaultPort = options.vaultTls === undefined ? tls : await open(options.vaultTls);
  const entraPort = options.entraTls === undefined ? tls : await open(options.entraTls);
  const proxy = startConnectProxy((host) => {
    if (host === GITHUB_HOST || host === PIPELINES_HOST) return tls.port;
    if (cloudOf(host)?.authorities.includes(host)) return entraPort.port;
    return world.vaults.some((vault) => hostOf(vault) === host) ? vaultPort.port : undefined;
  });
  const origins = {
    tls: `https://localhost:${entraPort.port}`,
    vault: `https://localhost:${vaultPort.port}`,
    plain: `http://127.0.0.1:${plain.port}`,
  };
  const close = async () => {
    await proxy.close();
    await Promise.all([...new Set([tls, plain, vaultPort, entraPort])].map((port) => port.close()));
    await rm(folder, { recursive: true, force: true });
  };
  return {
    ...variables({ proxy, origins, caPath }),
    ...principals({ world, folder, plain: origins.plain, principal: options.principal }),
    origins,
    caPath,
    folder,
    arcKeys,
    world,
    requests: log,
    refused: proxy.refused,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * @param requests a stand-in's log, or a part of it
 * @returns how many requests were open at once, at most
 */
export function overlap(requests: readonly Logged[]): number {
  return Math.max(0, ...requests.map(({ besides }) => besides + 1));
}

function variables(
  { proxy, origins, caPath }: {
    readonly proxy: ConnectProxy;
    readonly origins: Azure["origins"];
    readonly caPath: string;
  },
): Pick<Azure, "env" | "direct" | "vault"> {
  const always = { MLFLOW_AUTH_CA_BUNDLE: caPath, AZURE_POD_IDENTITY_AUTHORITY_HOST: origins.plain };
  return {
    env: { ...always, HTTPS_PROXY: proxy.url, NO_PROXY: "127.0.0.1,localhost" },
    direct: { ...always, MLFLOW_AZURE_KEY_VAULT_URL: `${origins.vault}/`, AZURE_AUTHORITY_HOST: `${origins.tls}/` },
    vault: ({ cloud = "public", secret = "mlflow" } = {}) => ({
      MLFLOW_AZURE_KEY_VAULT_URL: `https://team.${CLOUDS[cloud].vaultSuffix}/`,
      MLFLOW_AZURE_SECRET_NAME: secret,
    }),
  };
}

function principals(
  { world, folder, plain, principal }: {
    readonly world: World;
    readonly folder: string;
    readonly plain: string;
    readonly principal: Pair | undefined;
  },
): Pick<Azure, "identity" | "register"> {
  const places = { plain, certificate: join(folder, "principal.pem"), federatedToken: join(folder, "federated-token") };
  const register = async (certificate: string) => {
    for (const { applications } of world.tenants) {
      await Promise.all(applications.map((application) => registerCertificate(application, certificate)));
    }
  };
  return {
    register,
    identity: async (name, cloud = "public") => {
      if (name === "certificate") {
        const pair = principal ?? await makeClientCertificate();
        await register(pair.certificate);
        await writeFile(places.certificate, pair.key + pair.certificate, { mode: 0o600 });
      }
      if (name === "workload-identity") {
        const audience = "api://AzureADTokenExchange";
        const token = assertion(world, { ...world.workload, audience, nowMs: Date.now() + world.clockOffsetMs });
        await writeFile(places.federatedToken, token, { mode: 0o600 });
      }
      return identityEnv(name, { ...places, tenantId: IDS.tenants[cloud] });
    },
  };
}

async function registerCertificate(application: Application, certificate: string): Promise<void> {
  const { validFrom, validTo } = new X509Certificate(certificate);
  application.certificates.push({
    ...await thumbprints(certificate),
    publicKey: publicKeyOf(certificate),
    notBeforeMs: Date.parse(validFrom),
    notAfterMs: Date.parse(validTo),
  });
}
