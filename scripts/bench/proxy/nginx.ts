import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where things listen. */
export interface Ports {
  /** The tracking server, over TLS. */
  readonly server: number;
  /** What takes large bodies, over TLS. */
  readonly sink: number;
  /** nginx in the proxy's place. */
  readonly proxy: number;
}

/** What nginx is told in either place. */
export interface NginxFacts {
  readonly folder: string;
  readonly ports: Ports;
  /** The token that the server takes. */
  readonly token: string;
  /** The key that a proxy takes. */
  readonly key: string;
}

const common = (folder: string, name: string): string =>
  // Its workers are another user's where root starts it, and could not read the folder.
  `${Deno.uid() === 0 ? "user root;" : ""} worker_processes 1; daemon off; pid ${folder}/${name}.pid; error_log stderr;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; client_max_body_size 0; sendfile on;
  ${
    ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((what) => `${what}_temp_path ${folder}/${name}-${what};`)
      .join(" ")
  }
`;

const ANSWER = '{"experiments":[{"experiment_id":"0","name":"Default","lifecycle_stage":"active"}]}';

/**
 * Writes what nginx does as the tracking server: it wants the token, answers small requests, and gives a large file.
 *
 * @param facts where it listens and what it takes; `server.pem`, `server.key` and `large` are in the folder
 * @returns path of the configuration
 */
export function serverConfiguration({ folder, ports, token }: NginxFacts): string {
  const path = join(folder, "server.conf");
  writeFileSync(
    path,
    `${common(folder, "server")}
  server {
    listen 127.0.0.1:${ports.server} ssl; ssl_certificate ${folder}/server.pem; ssl_certificate_key ${folder}/server.key;
    if ($http_authorization != "Bearer ${token}") { return 401; }
    location / { default_type application/json; return 200 '${ANSWER}'; }
    location /large { alias ${folder}/large; }
  }
}
`,
  );
  return path;
}

/**
 * Writes what nginx does in the proxy's place, with the same checks: a key, another credential, a server whose certificate is looked at.
 *
 * @param facts where it listens, and to where it forwards
 * @returns path of the configuration
 */
export function proxyConfiguration({ folder, ports, token, key }: NginxFacts): string {
  const path = join(folder, "proxy.conf");
  const upstream = (name: string, port: number): string =>
    `upstream ${name} { server 127.0.0.1:${port}; keepalive 64; keepalive_requests 1000000000; }`;
  writeFileSync(
    path,
    `${common(folder, "proxy")}
  ${upstream("tracking", ports.server)} ${upstream("sink", ports.sink)}
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host localhost;
  proxy_set_header Authorization "Bearer ${token}"; proxy_buffering off; proxy_request_buffering off;
  proxy_ssl_verify on; proxy_ssl_trusted_certificate ${folder}/root.pem; proxy_ssl_name localhost;
  server {
    listen 127.0.0.1:${ports.proxy};
    if ($http_authorization != "Bearer ${key}") { return 401; }
    location / { proxy_pass https://tracking; }
    location /sink { proxy_pass https://sink; }
  }
}
`,
  );
  return path;
}
