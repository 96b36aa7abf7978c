import { base64 } from "../base64.ts";
import type { Format } from "./format.ts";
import { bytesOf, requireRoom } from "../size.ts";
import { valuesOf } from "../values.ts";

/** What a Secret may hold at most. */
const SECRET_BYTES = 1_048_576;

/**
 * A Kubernetes Secret named `mlflow-auth`, to be used with `envFrom`.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { kubernetes } from "./kubernetes.ts";
 * import assert from "node:assert/strict";
 *
 * const text = kubernetes.print({ set: [["T", new Secret("a b")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.deepEqual(JSON.parse(text), {
 *   apiVersion: "v1",
 *   kind: "Secret",
 *   metadata: { name: "mlflow-auth" },
 *   type: "Opaque",
 *   data: { T: "YSBi" },
 * });
 * ```
 */
export const kubernetes: Format = {
  name: "kubernetes",
  reader: "kubectl, as a Secret",
  usage: "mlflow-auth export --format kubernetes | kubectl apply -f -",
  print: (changes) => {
    const values = valuesOf(changes, { format: "kubernetes", instead: "json" });
    const sizeBytes = values.reduce((sum, [, value]) => sum + bytesOf(value), 0);
    const reason = "the Secret would be larger than 1 MiB";
    requireRoom(values, { format: "kubernetes", sizeBytes, limitBytes: SECRET_BYTES, reason });
    const data = Object.fromEntries(values.map(([name, value]) => [name, base64(value)]));
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "mlflow-auth" }, type: "Opaque", data };
    return `${JSON.stringify(secret)}\n`;
  },
  failure: "",
  outlives: true,
};
