import type { Native } from "../../src/host/native/native.ts";

/** A library whose functions give their own names' lengths, and the names that were looked up. */
export function fakeNative(
  darwin = false,
): { readonly native: Native; readonly asked: string[]; readonly calls: unknown[][] } {
  const asked: string[] = [];
  const calls: unknown[][] = [];
  const load: Native["load"] = (signatures, library = "") => {
    const made = Object.entries<string>(signatures).map(([name, signature]) => {
      asked.push(`${library}${name} ${signature}`);
      return [name, (...values: readonly unknown[]) => (calls.push([...values]), name.length)];
    });
    return Object.fromEntries(made) as ReturnType<Native["load"]>;
  };
  return { native: { load, address: () => 0n, darwin }, asked, calls };
}
