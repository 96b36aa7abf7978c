import type { HttpClient } from "@azure/core-rest-pipeline";
import { errorCode } from "../../core/error_code.ts";
import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import { nameOf, removal } from "../../core/settings/setting_name.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { showPath } from "../../core/shown.ts";
import { httpClientOf } from "../http/http_client.ts";
import type { TokenContext } from "../identities/identity.ts";

type BindingSettings = Pick<
  Settings,
  "kubernetesTokenProxy" | "kubernetesSniName" | "kubernetesCaFile" | "kubernetesCaData"
>;

/**
 * Looks at what the webhook of AKS sets for an identity binding: the endpoint in the cluster that asks Entra ID in the pod's place.
 *
 * @param settings the four settings of an identity binding
 * @returns the endpoint, or `undefined` where Entra ID itself is asked
 * @throws {AuthError} `identity-incomplete` where there are others of the four without the endpoint, `setting-conflict` where the
 * roots are given twice, `setting-invalid` for an endpoint that is no https URL
 *
 * @see https://learn.microsoft.com/azure/aks/identity-bindings-concepts
 */
export function tokenProxyOf(settings: BindingSettings): URL | undefined {
  const { kubernetesTokenProxy, kubernetesSniName, kubernetesCaFile, kubernetesCaData } = settings;
  const url = kubernetesTokenProxy.value;
  if (url === undefined) {
    const other = [kubernetesSniName, kubernetesCaFile, kubernetesCaData].find(({ value }) => value !== undefined);
    if (other === undefined) return undefined;
    throw new AuthError("identity-incomplete", {
      message: 'Cannot use "workload identity": AZURE_KUBERNETES_TOKEN_PROXY is not set, ' +
        `but ${nameOf(other, "AZURE_KUBERNETES_CA_FILE")} is`,
      remedy: "let the cluster's webhook set all of them, for a pod that is labelled " +
        `azure.workload.identity/use=true, or: ${removal(other, "AZURE_KUBERNETES_CA_FILE")}`,
    });
  }
  if (kubernetesCaFile.value !== undefined && kubernetesCaData.value !== undefined) {
    throw new AuthError("setting-conflict", {
      message: 'Cannot use "AZURE_KUBERNETES_CA_FILE" together with "AZURE_KUBERNETES_CA_DATA": both hold the roots',
      remedy: "unset AZURE_KUBERNETES_CA_DATA",
    });
  }
  if (url.protocol !== "https:" || url.username !== "" || url.search !== "" || url.hash !== "") {
    throw new AuthError("setting-invalid", {
      message: 'Cannot use "AZURE_KUBERNETES_TOKEN_PROXY": expected an https URL without user name, query and fragment',
      remedy: "let the cluster's webhook set it, or: unset AZURE_KUBERNETES_TOKEN_PROXY",
    });
  }
  return url;
}

/** The roots of the endpoint, read anew for every token, as the file is renewed; an empty file is one that is being renewed. */
function rootsReader(settings: BindingSettings, host: Pick<Host, "readText">): () => Promise<string | undefined> {
  const path = settings.kubernetesCaFile.value;
  if (path === undefined) return () => Promise.resolve(settings.kubernetesCaData.value);
  const refuse = (is: string, cause?: unknown): AuthError =>
    new AuthError("setting-invalid", {
      message: `Cannot use "AZURE_KUBERNETES_CA_FILE": ${is}`,
      remedy: "look at the pod's volumes: kubectl describe pod <pod>",
      cause,
    });
  let last: string | undefined;
  return async () => {
    let text: string;
    try {
      text = await host.readText(path);
    } catch (cause) {
      throw refuse(`${showPath(path)} cannot be read (${errorCode(cause) ?? "unknown"})`, cause);
    }
    if (text.trim() !== "") last = text;
    if (last === undefined) throw refuse(`${showPath(path)} is empty`);
    if (!last.includes("-----BEGIN CERTIFICATE-----")) throw refuse(`${showPath(path)} holds no certificate`);
    return last;
  };
}

/**
 * The URL at which the endpoint is asked in Entra ID's place.
 *
 * @param url what Entra ID would be asked
 * @param endpoint where the endpoint is
 * @returns the endpoint's path, then the one of the URL; the query is kept
 *
 * @example
 * ```ts
 * import { throughEndpoint } from "./token_proxy.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   throughEndpoint("https://login.microsoftonline.com/t-1/oauth2/v2.0/token?a=b", new URL("https://10.0.0.1:6443/proxy/")),
 *   "https://10.0.0.1:6443/proxy/t-1/oauth2/v2.0/token?a=b",
 * );
 * ```
 */
export function throughEndpoint(url: string, endpoint: URL): string {
  const { pathname, search } = new URL(url);
  const through = new URL(endpoint);
  through.pathname = `${endpoint.pathname.replace(/\/$/, "")}${pathname}`;
  through.search = search;
  return through.href;
}

/**
 * The HTTP client of workload identity: straight to Entra ID, or through the endpoint of an identity binding, with its name and roots.
 *
 * @param context what tokens are got with
 * @returns the client
 * @throws {AuthError} as {@link tokenProxyOf}
 */
export function bindingClient(context: TokenContext): HttpClient {
  const { settings, host, http, keep, options } = context;
  const endpoint = tokenProxyOf(settings);
  if (endpoint === undefined) return options.httpClient;
  const readRoots = rootsReader(settings, host);
  const serverName = settings.kubernetesSniName.value;
  const through: typeof http = {
    ...http,
    send: async (request) => {
      let extraRoots: string | undefined;
      try {
        extraRoots = await readRoots();
      } catch (error) {
        throw error instanceof AuthError ? keep(error) : error;
      }
      const network = {
        ...(extraRoots === undefined ? {} : { extraRoots }),
        ...(serverName === undefined ? {} : { serverName }),
      };
      return await http.send({ ...request, url: throughEndpoint(request.url, endpoint), network });
    },
  };
  return httpClientOf(through, context.hooks);
}
