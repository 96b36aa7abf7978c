import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { remedyFor } from "../../../../src/core/settings/windows_remedy.ts";

const remedies: readonly (readonly [remedy: string, onWindows: string])[] = [
  ["export A=b", "$env:A = 'b'"],
  ['export A="x y"', "$env:A = 'x y'"],
  ['export A="$B"', "$env:A = $env:B"],
  ["export A=1 B=2; unset C D", "$env:A = '1'; $env:B = '2'; Remove-Item Env:C, Env:D"],
  ["unset no_proxy", "Remove-Item Env:no_proxy"],
  ["unset it in your own files", "unset it in your own files"],
  ["keep the one that is meant, and unset the other", "keep the one that is meant, and unset the other"],
  ['first: eval "$(mlflow-auth export --unset)"', "first: mlflow-auth export --unset | Out-String | Invoke-Expression"],
  ["export NO_PROXY=<the tracking server's host>", "$env:NO_PROXY = '<the tracking server''s host>'"],
  [
    "name its root: export R=<file with your roots>; behind a proxy: export HTTPS_PROXY=http://<host>:<port>",
    "name its root: $env:R = '<file with your roots>'; behind a proxy: $env:HTTPS_PROXY = 'http://<host>:<port>'",
  ],
  ['export A="$(printf %s "$A")"', "$env:A = $env:A.TrimEnd()"],
  ["check it: ls -l C:/sp.pem", "check it: Get-Acl C:/sp.pem"],
  ["set the clock: sudo timedatectl set-ntp true", "set the clock: w32tm /resync"],
  ["sed -i 's/\\bA\\b/B/' f.env", "(Get-Content f.env) -replace '\\bA\\b', 'B' | Set-Content f.env"],
  ["sed -i '/^[^#]*\\bA *[=: ]/d' .env", "(Get-Content .env) -notmatch '^[^#]*\\bA *[=: ]' | Set-Content .env"],
  ["cat a.crt a.key > a.pem", "Get-Content a.crt, a.key | Set-Content a.pem"],
  ["curl -sv https://h/ | head -c 1000", "curl.exe -sv https://h/"],
  ["openssl s_client -connect a:443 </dev/null", "openssl s_client -connect a:443"],
  ["az account show; mlflow-auth info", "az account show; mlflow-auth info"],
];
for (const [remedy, onWindows] of remedies) {
  test(`remedyFor() makes of ${JSON.stringify(remedy)} a line of PowerShell, and elsewhere leaves it`, () => {
    assert.equal(remedyFor(remedy, "windows"), onWindows);
    assert.equal(remedyFor(remedy, "linux"), remedy);
  });
}

const SOURCE = new URL("../../../../src/", import.meta.url);
/** Commands and words that PowerShell has not, or has for something else. */
const FOREIGN =
  /\b(?:export \w+=|unset [A-Z]|ls -l|sed -i|timedatectl|date -u\b|df -h|curl -|cat \S+ (?:>|\S+ >))|<\/dev\/null/;

/** Texts in quotes of every file that may hold a remedy; what is filled in is a word. */
function texts(): readonly string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !/^(?:shell|host|cli\/completions)\//.test(path))
    .flatMap((path) => {
      const code = readFileSync(new URL(path, SOURCE), "utf8").replaceAll(/^\s*(?:\*|\/\/|\/\*).*$/gm, "");
      const inside = code.replaceAll(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, "WORD");
      return [...inside.matchAll(/`([^`]*)`|"((?:\\.|[^"\\\n])*)"/g)].map(([, one, two]) =>
        (one ?? two ?? "").replaceAll('\\"', '"')
      );
    });
}

test("remedyFor() leaves no command of other systems in any text of the source", () => {
  const ours = texts().filter((text) => FOREIGN.test(text));
  assert.ok(ours.length > 60, `${ours.length} texts were found`);
  assert.deepEqual(ours.filter((text) => FOREIGN.test(remedyFor(text, "windows"))), []);
});
