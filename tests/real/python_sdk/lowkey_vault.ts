/**
 * Runs a command beside lowkey-vault, an emulator of Key Vault, under a vault's real name and with every check on:
 *
 * ```sh
 * LOWKEY_VAULT_JAR=lowkey-vault-app-3.4.33.jar unshare -rn sh -c 'ip link set lo up && exec "$@"' sh \
 *   deno run -A tests/real/python_sdk/lowkey_vault.ts env
 * ```
 *
 * In a network namespace of its own, as the emulator's token port listens on every interface; ports are free there.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { startConnectProxy } from "../../support/connect_proxy.ts";
import { makeAuthority } from "../../support/tls.ts";

const [PORT, TOKEN_PORT] = [8443, 8080];
const HOST = "team.vault.azure.net";
const VALUE = '{"token": "lowkey-token-canary"}';

const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-lowkey-"));
const authority = await makeAuthority("mlflow-auth test root");
const pair = await authority.server(["localhost", "127.0.0.1", `*.vault.azure.net`]);
const [caPath, certificate, key] = [join(folder, "ca.pem"), join(folder, "server.pem"), join(folder, "server.key")];
await Promise.all([
  writeFile(caPath, authority.certificate),
  writeFile(certificate, pair.certificate),
  writeFile(key, pair.key),
]);
const client = Deno.createHttpClient({ caCerts: [authority.certificate] });
const proxy = startConnectProxy((host) => host === HOST ? PORT : undefined);
const emulator = spawn("java", [
  ...["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-XX:-UsePerfData", `-Djava.io.tmpdir=${folder}`],
  ...["-jar", process.env["LOWKEY_VAULT_JAR"] ?? ""],
  ...["--server.address=127.0.0.1", `--server.port=${PORT}`, `--app.token.port=${TOKEN_PORT}`],
  ...["--server.ssl.key-store=", "--server.ssl.key-store-password=", "--server.ssl.key-store-type="],
  ...[`--server.ssl.certificate=file:${certificate}`, `--server.ssl.certificate-private-key=file:${key}`],
  ...[`--LOWKEY_VAULT_ALIASES=localhost=${HOST}`, "--LOWKEY_AUTH_RESOURCE=vault.azure.net"],
  ...["--spring.main.banner-mode=off", "--logging.level.root=WARN"],
], { env: { PATH: process.env["PATH"] }, stdio: ["ignore", "ignore", "inherit"] });

try {
  await ready();
  await request(`https://localhost:${PORT}/secrets/mlflow?api-version=7.6`, {
    method: "PUT",
    headers: { authorization: "Bearer any", "content-type": "application/json" },
    body: JSON.stringify({ value: VALUE }),
  });
  process.exitCode = await run(process.argv.slice(2));
} finally {
  client.close();
  await proxy.close();
  emulator.kill();
  await rm(folder, { recursive: true, force: true });
}

async function request(url: string, init: RequestInit): Promise<void> {
  const response = await fetch(url, { ...init, client });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The emulator answered ${response.status}`);
}

async function ready(): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (emulator.exitCode !== null) throw new Error(`The emulator ended with status ${emulator.exitCode}`);
    try {
      return await request(`https://localhost:${PORT}/ping`, {});
    } catch {
      // It takes seconds to start.
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error("The emulator did not start within a minute");
}

function run([command = "true", ...args]: readonly string[]): Promise<number> {
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    HTTPS_PROXY: proxy.url,
    NO_PROXY: "127.0.0.1,localhost",
    REQUESTS_CA_BUNDLE: caPath,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${TOKEN_PORT}`,
    MLFLOW_AZURE_KEY_VAULT_URL: `https://${HOST}/`,
    MLFLOW_AZURE_SECRET_NAME: "mlflow",
  };
  return new Promise((resolve, reject) => {
    spawn(command, args, { env, stdio: "inherit" }).once("error", reject).once(
      "exit",
      (status) => resolve(status ?? 1),
    );
  });
}
