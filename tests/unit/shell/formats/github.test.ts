import { test } from "node:test";
import assert from "node:assert/strict";
import { github } from "../../../../src/shell/formats/github.ts";
import { masks } from "../../../../src/shell/masks.ts";
import { changesOf, NOWHERE, randomValues, TRICKY } from "../../../support/values.ts";

/** How the runner reads the file: a heredoc where `<<` comes before `=`, its lines up to the delimiter. */
function read(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const lines = text.replace(/\n$/, "").split("\n").values();
  for (const line of lines) {
    const heredoc = /^([^=]*?)<<(.+)$/.exec(line);
    const assignment = /^([^=]+)=(.*)$/s.exec(line);
    if (heredoc !== null) {
      const inside: string[] = [];
      for (const next of lines) {
        if (next === heredoc[2]) break;
        inside.push(next);
      }
      found[heredoc[1] ?? ""] = inside.join("\n");
    } else if (assignment !== null) found[assignment[1] ?? ""] = assignment[2] ?? "";
    else throw new Error("a runner would refuse the file");
  }
  return found;
}

test("github comes back as the runner reads it", () => {
  const wrong = [...TRICKY, ...randomValues(20260105, 2000)].filter((value) => {
    const text = github.print(changesOf({ T: value, U: "me" }, ["A"]), { ...NOWHERE, env: { A: "a" } });
    return JSON.stringify(read(`X=1\n${text}`)) !== JSON.stringify({ X: "1", A: "", T: value, U: "me" });
  });
  assert.deepEqual(wrong.slice(0, 5), []);
});

test("github blanks only what has a value, and prints no empty line", () => {
  const context = { env: { A: "old", B: "" }, random: () => "0f" };
  assert.equal(
    github.print(changesOf({ U: "me", P: "a\n\n" }, ["A", "B", "C"]), context),
    "A=\nU<<ghadelimiter_0f\nme\nghadelimiter_0f\nP<<ghadelimiter_0f\na\n\n\nghadelimiter_0f\n",
  );
});

test("github draws again while the value holds the delimiter", () => {
  const draws = ["aa", "bb", "cc"].values();
  const context = { env: {}, random: () => draws.next().value ?? "" };
  assert.equal(
    github.print(changesOf({ T: "ghadelimiter_aa\nghadelimiter_bb" }), context),
    "T<<ghadelimiter_cc\nghadelimiter_aa\nghadelimiter_bb\nghadelimiter_cc\n",
  );
});

test("github refuses a final carriage return on Windows alone", () => {
  const changes = changesOf({ T: "a\r" });
  assert.throws(() => github.print(changes, { env: { RUNNER_OS: "Windows" }, random: () => "" }), {
    code: "format-cannot-hold",
    message: 'Cannot print "T" in format "github": the value ends in a carriage return',
  });
  assert.equal(github.print(changes, { env: { RUNNER_OS: "Linux" }, random: () => "0" }).includes("a\r\n"), true);
});

test("github unsets by blanking, names its file and its masks, and prints nothing on failure", () => {
  const { unset, failure, file, masks: hide } = github;
  assert.deepEqual([unset?.(["A", "B"], { ...NOWHERE, env: { B: "b" } }), failure, file, hide], [
    "B=\n",
    "",
    "GITHUB_ENV",
    masks,
  ]);
});
