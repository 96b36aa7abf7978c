import { IDS } from "../../support/azure/ids.ts";
import type { Outcome, State } from "./state.ts";

const proxied: Outcome = { shows: /CONNECT team\.vault\.azure\.net|CONNECT login\.microsoftonline\.com|Connected to/ };

/**
 * What the remedies of doctor's failures do, by the failure's name: those that leave something to write, only look, or lead to another
 * failure.
 */
export const OUTCOMES: Readonly<Record<string, Outcome & Pick<State, "lines">>> = {
  "a vault that is not set": { fill: { NAME: "team" } },
  "a certificate that is not checked": { fill: ({ caPath }) => ({ "<PEM file with its root>": caPath }) },
  "a host that is no Key Vault": { next: "network-proxy" },
  "a tracking server without TLS on another machine": { next: "network-proxy" },
  "the tracking URI databricks": { shows: /^$/ },
  "a proxy of ours that is gone": { next: "setting-missing" },
  "a default entry of netrc": { fill: { "<command>": "true" }, shows: /^$/ },
  "a netrc file that NETRC names": { fill: { "<command>": "true" }, shows: /^$/ },
  "a client secret without a tenant": { fill: { "<tenant id>": IDS.tenants.public } },
  "a certificate that is not there": { shows: /No such file/ },
  "Service Fabric": { next: "identity-incomplete" },
  "a machine without a managed identity endpoint": { next: "developer-tool-missing" },
  "a registered certificate that has expired": { shows: /notAfter=/ },
  "a federated token that has expired": { shows: /federated-token/ },
  "a vault of another tenant, by its challenge": { next: "entra-tenant-unknown" },
  "a connection to the vault that breaks": { shows: /Connected to 127\.0\.0\.1/ },
  "a port on which no vault listens": { shows: /Connection refused|Failed to connect/ },
  "a vault that never answers": proxied,
  "a vault that never answers, without a proxy": { shows: /Connected to 127\.0\.0\.1/ },
  "an answer that cannot be decoded": proxied,
  "services that take more time than there is": proxied,
  "an Entra ID that answers with nothing": { shows: /HTTP\/1\.1 200/ },
  "a machine with several identities of which none is named": { fill: { "<client id>": IDS.userIdentity.client } },
  "a credential that was rotated after it was kept": { fill: { "<command>": "true" }, shows: /^$/ },
  "a command that is not there": { shows: /^$/ },
  "a server that is asked too often": { shows: /^$/ },
  "a search that takes long": { shows: /^$/ },
  "a server that wants a client certificate": {
    fill: { "<PEM file with your certificate and its key>": "client.pem" },
    shows: /^$/,
  },
  "a vault whose certificate is bad: plain": proxied,
  // What reaches nobody here still reaches nobody with a proxy: there is none to be found.
  "an Azure CLI that reaches nobody": {
    lines: {
      "curl": proxied,
      "export HTTPS_PROXY": { fill: { "<host>": "127.0.0.1", "<port>": "9" }, shows: /^$/ },
      "export REQUESTS_CA_BUNDLE": { fill: ({ caPath }) => ({ "<file>": caPath }), shows: /^$/ },
    },
  },
  "a vault whose certificate is bad: expired": { shows: /UTC/ },
  "a vault whose certificate is bad: not-yet-valid": { shows: /UTC/ },
};

/** Failures whose remedy wants a key, a password or a root that is made in a state of this suite's own. */
export const OWN_STATE: readonly string[] = [
  "a certificate file without a key",
  "an encrypted key without a password",
  "a vault whose certificate is bad: untrusted",
  "a server whose certificate nobody trusts",
];
