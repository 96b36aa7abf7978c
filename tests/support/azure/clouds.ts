/** Names of a cloud. Written down here a second time, so that a wrong name in the program does not meet the same one in its test. */
export interface Cloud {
  readonly name: CloudName;
  /** Hosts of Entra ID, the one that the Azure SDKs use first. */
  readonly authorities: readonly [string, ...string[]];
  /** What a vault's host ends in. */
  readonly vaultSuffix: string;
  /** The audience of a vault's tokens, and the `resource` of its challenge. */
  readonly resource: string;
  /** Start of a token's `iss`. */
  readonly issuer: string;
}

/** Azure's three clouds. */
export type CloudName = "public" | "us-government" | "china";

/** Azure's clouds, by name. */
export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  public: {
    name: "public",
    authorities: ["login.microsoftonline.com", "login.microsoft.com", "login.windows.net", "sts.windows.net"],
    vaultSuffix: "vault.azure.net",
    resource: "https://vault.azure.net",
    issuer: "https://sts.windows.net/",
  },
  "us-government": {
    name: "us-government",
    authorities: ["login.microsoftonline.us", "login.usgovcloudapi.net"],
    vaultSuffix: "vault.usgovcloudapi.net",
    resource: "https://vault.usgovcloudapi.net",
    issuer: "https://sts.windows.net/",
  },
  china: {
    name: "china",
    authorities: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    vaultSuffix: "vault.azure.cn",
    resource: "https://vault.azure.cn",
    issuer: "https://sts.chinacloudapi.cn/",
  },
};

/** Where GitHub and Azure Pipelines issue their OIDC tokens. */
export const GITHUB_HOST = "pipelines.actions.githubusercontent.com";
/** See {@link GITHUB_HOST}. */
export const PIPELINES_HOST = "dev.azure.com";

/** Every name for which the stand-in holds a certificate. */
export const NAMES: readonly string[] = [
  ...Object.values(CLOUDS).flatMap((cloud) => [...cloud.authorities, `*.${cloud.vaultSuffix}`]),
  GITHUB_HOST,
  PIPELINES_HOST,
  "localhost",
  "127.0.0.1",
];

/**
 * @param host a host, without a port
 * @returns the cloud whose Entra ID or Key Vault has that name, or `undefined`
 */
export function cloudOf(host: string): Cloud | undefined {
  return Object.values(CLOUDS).find(({ authorities, vaultSuffix }) =>
    authorities.includes(host) || host.endsWith(`.${vaultSuffix}`)
  );
}
