/**
 * Imported first by every file of `tests/real`: refuses to run where a program under test could reach a real metadata service.
 *
 * @module
 */
import process from "node:process";

/**
 * @param env variables that a program under test may inherit
 * @throws {Error} where they lead the search for a managed identity anywhere but to this machine
 */
export function assertOnLoopback(env: Readonly<Record<string, string | undefined>>): void {
  const endpoint = env["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? env["IDENTITY_ENDPOINT"] ?? "";
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  if (/^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(host)) return;
  throw new Error(
    "These tests must not reach a real metadata service: run deno task test:real, or set AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:9",
  );
}

assertOnLoopback(process.env);
