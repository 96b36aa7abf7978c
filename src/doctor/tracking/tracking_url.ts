/**
 * The tracking server's URL, where the tracking URI is one.
 *
 * @param uri value of `MLFLOW_TRACKING_URI`
 * @returns the URL, or `undefined` for an empty one and for every other scheme
 *
 * @example
 * ```ts
 * import { trackingUrl } from "./tracking_url.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(trackingUrl("https://mlflow.example/base")?.pathname, "/base");
 * assert.equal(trackingUrl("azureml://eastus.api.azureml.ms"), undefined);
 * ```
 */
export function trackingUrl(uri: string): URL | undefined {
  return /^\s*https?:\/\//i.test(uri) && URL.canParse(uri.trim()) ? new URL(uri.trim()) : undefined;
}
