import { addressFlaw } from "../../credential/tracking_address.ts";

/**
 * The tracking server's URL, where the tracking URI is one that clients can use.
 *
 * @param uri value of `MLFLOW_TRACKING_URI`
 * @returns the URL, or `undefined` for an empty one, for every other scheme, and for one that clients read differently
 *
 * @example
 * ```ts
 * import { trackingUrl } from "./tracking_url.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(trackingUrl("https://mlflow.example/base")?.pathname, "/base");
 * assert.equal(trackingUrl("azureml://eastus.api.azureml.ms"), undefined);
 * assert.equal(trackingUrl("https://mlflow.example/#/experiments"), undefined);
 * ```
 */
export function trackingUrl(uri: string): URL | undefined {
  return /^\s*https?:\/\//i.test(uri) && addressFlaw(uri) === undefined ? new URL(uri) : undefined;
}
