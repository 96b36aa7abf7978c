import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "dotenv";
import { asDotenv } from "../../../src/cli/env_lines.ts";

/** Lines as people have them, what they set, and which of them set nothing. */
const TABLE:
  readonly (readonly [text: string, variables: Readonly<Record<string, string>>, strange?: readonly number[]])[] = [
    ["A=1\n# note\n\nexport B='2'", { A: "1", B: "2" }],
    ["A: 1", { A: "1" }],
    ["set A=1\r\n@SET B=b c \r\n", { A: "1", B: "b c" }],
    ['set "A=it\'s 100% $x"', { A: "it's 100% $x" }],
    ['set A="q"', { A: '"q"' }],
    ["set A=a'b`c\"d", {}, [1]],
    ["$env:A = \"1\"\n$Env:B='it''s';\n${env:C} = x.y", { A: "1", B: "it's", C: "x.y" }],
    ['$env:A = "pa$word"', {}, [1]],
    ["set -gx A 1\nset -x B 'b c'\nsetenv C \"c d\";", { A: "1", B: "b c", C: "c d" }],
    ["set -gx A (date)", {}, [1]],
    ['A="one\ntwo three\n"\nB=2', { A: "one\ntwo three\n", B: "2" }],
    ["A='x'\nsource other.env\nif true; then", { A: "x" }, [2, 3]],
    ["MLFLOW_AZURE_SECRET_NAME mlflow", {}, [1]],
    ["HOME\nA=1", { A: "1" }],
    ["=1", {}, [1]],
    ["", {}],
  ];

for (const [text, variables, strange = []] of TABLE) {
  test(`asDotenv() reads ${JSON.stringify(text)}`, () => {
    const lines = asDotenv(text);
    assert.deepEqual({ variables: parse(lines.text), strange: lines.strange }, { variables, strange });
  });
}

test("asDotenv() finds the line whose quote nothing closes", () => {
  const unclosed = (text: string) => asDotenv(text).unclosed;
  assert.deepEqual([unclosed('A=1\nB="two\nC=3'), unclosed("A='1\n2'\nB=it's"), unclosed("")], [
    2,
    undefined,
    undefined,
  ]);
});
