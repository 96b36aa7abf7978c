import assert from "node:assert/strict";
import { test } from "node:test";
import { groupParts } from "../../../../scripts/build/group_parts.ts";

/** Groups of a bundle whose parts name those before the colon from their start, and ask for those behind it. */
function groupsOf(bundle: Readonly<Record<string, string>>): readonly string[] {
  const files = new Map(
    Object.entries(bundle).map(([name, words]) => {
      const [named = "", asked = ""] = words.split(":");
      const list = (text: string) => text.split(" ").filter((word) => word !== "");
      const lines = [
        ...list(named).map((part) => `import {\n  a\n} from "./${part}";`),
        ...list(asked).map((part) => `await import("./${part}");`),
      ];
      // Small ones are marked by their names.
      return [name, `${lines.join("\n")}${name.startsWith("s") ? "" : "\n;".padEnd(3000)}`];
    }),
  );
  return groupParts(files, "main").map(({ asked, parts }) => `${asked.join(" ")}: ${[...parts].sort().join(" ")}`);
}

test("groupParts() keeps with the program what is there from its start, also where it is asked for", () => {
  assert.deepEqual(groupsOf({ main: "a:a", a: "b:", b: ":" }), ["main: a b main", "a: "]);
});

test("groupParts() puts what is asked for into a group without what is there by then", () => {
  assert.deepEqual(groupsOf({ main: "a:b c", a: ":", b: "a d:", c: "a:", d: ":" }), ["main: a main", "b: b d", "c: c"]);
});

test("groupParts() makes one group of what shares a part", () => {
  assert.deepEqual(groupsOf({ main: ":b c e", b: "d:", c: "d:", d: ":", e: ":" }), [
    "main: main",
    "b c: b c d",
    "e: e",
  ]);
});

test("groupParts() gives the program what is small, rather than that it makes one group of two", () => {
  assert.deepEqual(groupsOf({ main: ":b c", b: "s:", c: "s:", s: ":" }), ["main: main s", "b: b", "c: c"]);
  assert.deepEqual(groupsOf({ main: ":b", b: "s:", s: ":" }), ["main: main", "b: b s"]);
  assert.deepEqual(groupsOf({ main: ":b c", b: "d s:", c: "d s:", d: ":", s: ":" }), ["main: main", "b c: b c d s"]);
});

test("groupParts() counts on what each asker brings, and on no more", () => {
  // Only b asks for c: what b names is there.
  assert.deepEqual(groupsOf({ main: ":b", b: "d:c", c: "d:", d: ":" }), ["main: main", "b: b d", "c: c"]);
  // The program asks for c too: d may not be there.
  assert.deepEqual(groupsOf({ main: ":b c", b: "d:c", c: "d:", d: ":" }), ["main: main", "b c: b c d"]);
  // Two that ask for each other.
  assert.deepEqual(groupsOf({ main: ":b", b: ":c", c: ":b d", d: ":" }), ["main: main", "b: b", "c: c", "d: d"]);
});
