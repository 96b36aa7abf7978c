/** Where a file stands: its layer below `src`, or the part of the project it belongs to. */
export interface Place {
  /** `src`, `tests`, `scripts` or `other`. */
  readonly part: "src" | "tests" | "scripts" | "other";
  /** The folder below `src`, `main` for `src/main.ts`, `mod` for `mod.ts`; `""` elsewhere. */
  readonly layer: string;
  /** The path from the root of the project. */
  readonly path: string;
}

/**
 * Says where a file stands.
 *
 * @param filename path or URL of the file
 * @returns its place
 *
 * @example
 * ```ts
 * import { placeOf } from "./place.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(placeOf("/home/me/mlflow-auth/src/azure/http/http.ts"), { part: "src", layer: "azure", path: "src/azure/http/http.ts" });
 * ```
 */
export function placeOf(filename: string): Place {
  const slashed = filename.replaceAll("\\", "/");
  const path = /(?:^|\/)((?:src|tests|scripts)\/.*|mod\.ts)$/.exec(slashed)?.[1] ?? slashed;
  if (path === "mod.ts") return { part: "src", layer: "mod", path };
  const [part, folder = ""] = path.split("/");
  if (part === "src") return { part, layer: folder.replace(/\.ts$/, ""), path };
  if (part === "tests" || part === "scripts") return { part, layer: "", path };
  return { part: "other", layer: "", path };
}
