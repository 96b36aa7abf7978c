/** How a request is sent. */
export interface Network {
  /** PEM text of root certificates to trust besides the built-in ones. */
  readonly extraRoots?: string;
  /** Variables that name roots and were not read, to explain a certificate that is not trusted. */
  readonly unreadRoots?: readonly string[];
  /** Whether `MLFLOW_AUTH_CA_BUNDLE` named the roots: then no other variable was meant. */
  readonly ownRoots?: boolean;
  /** PEM text with the certificate and key to present. */
  readonly clientCertificate?: string;
  /** Name that the server's certificate has to be for, and that it is asked by, in place of the URL's host. */
  readonly serverName?: string;
  /** Whether to ask as MLflow's Python client does: by HTTP/1.1 alone, the body left as it was sent. */
  readonly asClient?: boolean;
}
