/** A kind of Kubernetes' API, as its schema knows it. */
interface Kind {
  readonly prototype: { readonly validate: (this: object) => void };
}

/** Kinds that the docs have, by version and name. */
const KINDS: Readonly<Record<string, () => Promise<Kind>>> = {
  "v1 ServiceAccount": async () => (await import("kubernetes-models/v1/ServiceAccount")).ServiceAccount,
  "batch/v1 Job": async () => (await import("kubernetes-models/batch/v1/Job")).Job,
};

type Value = Readonly<Record<string, unknown>>;

const isValue = (value: unknown): value is Value =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keys of a value and of all inside of it, as paths. */
function pathsOf(value: unknown, at = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${at}/${key}`, ...pathsOf(inner, `${at}/${key}`)]);
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/** A value that writes down which of its members are read: the schema reads those that it knows. */
function watched<T extends object>(value: T, read: Set<string>, { at = "" } = {}): T {
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key !== "string" || !Object.hasOwn(target, key)) return inner;
      const path = `${at}/${key}`;
      read.add(path);
      return typeof inner === "object" && inner !== null ? watched(inner, read, { at: path }) : inner;
    },
  });
}

/**
 * Compares the Kubernetes manifests among the values of a YAML file with the schema of Kubernetes 1.27, strictly: a member that the
 * schema does not have is a fault too.
 *
 * @param values the values of the file; one without `apiVersion` and `kind` is no manifest
 * @returns a fault each, with its place
 *
 * @example
 * ```ts
 * import { manifestFaults } from "./manifests.ts";
 * import assert from "node:assert/strict";
 *
 * const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "a", lables: { b: "c" } } };
 * assert.deepEqual(await manifestFaults([account]), ["v1 ServiceAccount has no /metadata/lables"]);
 * ```
 */
export async function manifestFaults(values: readonly unknown[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const value of values) {
    if (!isValue(value) || typeof value["apiVersion"] !== "string" || typeof value["kind"] !== "string") continue;
    const name = `${value["apiVersion"]} ${value["kind"]}`;
    const load = KINDS[name];
    if (load === undefined) {
      faults.push(`no schema of ${name}: add it to tests/docs/manifests.ts`);
      continue;
    }
    const read = new Set<string>();
    const { prototype } = await load();
    try {
      prototype.validate.call(watched(value, read));
    } catch (error) {
      faults.push(`${name}: ${(error as Error).message}`);
      continue;
    }
    // What is inside of an unknown member is one fault with it.
    const unknown = pathsOf(value).filter((path) =>
      !read.has(path) && (parentOf(path) === "" || read.has(parentOf(path)))
    );
    faults.push(...unknown.map((path) => `${name} has no ${path}`));
  }
  return faults;
}
