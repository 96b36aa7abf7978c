import { CommanderError } from "@commander-js/extra-typings";
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { IDENTITIES } from "../../src/azure/identities/identities.ts";
import { selectIdentities } from "../../src/azure/sign_in/select_identities.ts";
import { givenOptions } from "../../src/cli/line/options.ts";
import { type ProgramParts, wholeProgram } from "../../src/cli/program.ts";
import { readSettings } from "../../src/core/settings/read_settings.ts";
import { SETTINGS } from "../../src/core/settings/settings.ts";
import { CREDENTIAL_VARIABLES } from "../../src/credential/apply.ts";
import { findFormat } from "../../src/shell/formats/formats.ts";
import { type Block, blocksOf, usesOf } from "../docs/blocks_of.ts";
import { PARSERS } from "../docs/parsers.ts";
import { fakeHost } from "../support/host.ts";

const ROOT = new URL("../../", import.meta.url);
const FOLDER = "docs/deployment";
const INDEX = `${FOLDER}/README.md`;

const read = (path: string): string => readFileSync(new URL(path, ROOT), "utf8");
const GUIDES = readdirSync(new URL(`${FOLDER}/`, ROOT)).sort().map((name) => `${FOLDER}/${name}`)
  .filter((path) => path !== INDEX);
const PAGES = [INDEX, ...GUIDES, "docs/entra.md", "docs/migrating.md", "docs/threat-model.md"];
const BLOCKS: readonly Block[] = PAGES.flatMap((path) => blocksOf(read(path), path));

/** The sections of a guide: heading and text, in order. */
const sectionsOf = (page: string): readonly (readonly [heading: string, text: string])[] =>
  page.split(/^## /m).slice(1).map((part) => [part.split("\n")[0] ?? "", part]);

test("docs/deployment/README.md has one row for every page beside it, and no other", () => {
  const rows = [...read(INDEX).matchAll(/^\| \[[^\]]+\]\(([\w-]+\.md)\)/gm)].map(([, name]) => `${FOLDER}/${name}`);
  assert.deepEqual(rows.toSorted(), GUIDES);
});

for (const path of GUIDES) {
  test(`${path} has a file to paste, the roles and the check`, () => {
    const sections = sectionsOf(read(path));
    assert.deepEqual(sections.slice(0, 3).map(([heading]) => heading), ["File to paste", "Roles", "Check"]);
    const [paste = "", roles = "", check = ""] = sections.map(([, text]) => text);
    const commands = (text: string) => [...usesOf(text)].map(([command]) => command);
    assert.ok(
      commands(paste).some((command) => command === "exec" || command === "export"),
      "nothing runs in its file",
    );
    assert.match(read(path), /README\.md#the-executable/);
    assert.match(
      roles,
      /^az role assignment create --role "(?:Key Vault Secrets User|Role Based Access Control Admin)/m,
    );
    assert.match(roles, /"Key Vault Secrets User" (?:on|\S+ the vault|role)/);
    assert.ok(commands(check).includes("doctor"), "its check does not run doctor");
    assert.match(read(path), /\(\.\.\/entra\.md\)/, "it does not say when the identity's own token serves better");
  });
}

test("docs/deployment/azure-ml.md has a line for its check that fits into the command", () => {
  const path = `${FOLDER}/azure-ml.md`;
  const [job = "", check = ""] = blocksOf(read(path), path).filter(({ language }) => language === "yaml")
    .map(({ text }) => text);
  const command = /^command: >-\n((?: {2}.*\n?)+)/m.exec(job)?.[1]?.trimEnd().split("\n") ?? [];
  const folded = command.toSpliced(-1, 0, check.trimEnd()).map((line) => line.trim()).join(" ");
  assert.match(folded, / && mlflow-auth doctor && mlflow-auth exec -- python train\.py$/);
});

test("docs/deployment/docker.md runs its container as who may read the certificate, by docker run and by Compose", () => {
  const path = `${FOLDER}/docker.md`;
  const texts = blocksOf(read(path), path).map(({ text }) => text);
  const starting = texts.filter((text) => /^docker run |^services:/m.test(text));
  assert.equal(starting.length, 3);
  for (const text of starting) {
    assert.match(text, /--user "\$\(id -u\)"|^ {4}user: "\d+"/m);
    assert.match(text, /\$\{?HOME\}?\/\.config\/mlflow-auth\/trainer\.pem/);
  }
});

test("docs/deployment/github-actions.md pins every action to a commit, or says why not", () => {
  const page = read(`${FOLDER}/github-actions.md`);
  const used = [...page.matchAll(/^\s*- uses: (\S+?)@(.*)$/gm)].map(([, name = "", version = ""]) => ({
    name,
    version,
  }));
  const loose = used.filter(({ version }) => !/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(version));
  assert.deepEqual(loose, [{ name: "my-team/mlflow-auth", version: "v1" }]);
  assert.match(page, /^- `v1` is not pinned, as .*\n.*`my-team\/mlflow-auth@<commit> # v1\.2\.3`\.$/m);
});

/** Variables of others that stand in blocks, each with the reason. */
const OTHERS: Readonly<Record<string, string>> = {
  MLFLOW_REGISTRY_URI: "MLflow's own; exec and doctor look at it",
  MLFLOW_RUN_ID: "set by an Azure ML job for its workspace, unset there",
  MLFLOW_EXPERIMENT_ID: "set by an Azure ML job for its workspace, unset there",
  MLFLOW_EXPERIMENT_NAME: "set by an Azure ML job for its workspace, unset there",
  AZURE_SUBSCRIPTION_ID: "of azure/login, in what comes before",
  AZURE_CREDENTIALS: "of azure/login, in what comes before",
};

test("every variable in a block is a setting, a credential's or listed with its reason", () => {
  const known = new Set<string>([...SETTINGS.flatMap(({ names }) => names), ...CREDENTIAL_VARIABLES]);
  const used = new Set(BLOCKS.flatMap(({ text }) => text.match(/\b(?:MLFLOW|AZURE|ACTIONS)_[A-Z0-9_]+/g) ?? []));
  assert.deepEqual([...used].filter((name) => !known.has(name)).sort(), Object.keys(OTHERS).sort());
});

test("every value of a setting in a block is one that the program takes", () => {
  const names = SETTINGS.flatMap((row) => row.names).join("|");
  const pair = new RegExp(String.raw`\b(${names})"?(?:", "value": |\n\s*value: |\s*[=:]\s*)"?([^\s"',}]+)`, "g");
  const faults = BLOCKS.flatMap(({ path, line, text }) =>
    [...text.matchAll(pair)].filter(([, , value = ""]) => !/[$({]|^data\.|^azurerm_/.test(value)).flatMap(
      ([, name = "", value = ""]) => {
        const { problems } = readSettings({ env: { [name]: value } });
        // The command inherits it, and the Azure SDKs refuse other names than theirs.
        const sdk = IDENTITIES.flatMap(({ sdkNames }) => sdkNames);
        const isForeign = name === "AZURE_TOKEN_CREDENTIALS" && !sdk.includes(value);
        return [
          ...problems.map(({ message }) => message),
          ...(isForeign ? [`${value} is no name of the Azure SDKs`] : []),
        ]
          .map((fault) => `${path}:${line}  ${name}: ${fault}`);
      },
    )
  );
  assert.deepEqual(faults, []);
});

/** What the program would say of a command line, or `undefined`. */
async function refusalOf(argv: readonly string[], isSpan: boolean): Promise<string | undefined> {
  const faults: (string | undefined)[] = [];
  const run: ProgramParts["run"] = (_, { near, far }) => {
    const { flags } = givenOptions(near, far);
    const { settings, problems } = readSettings({ flags, env: {} });
    faults.push(problems[0]?.message);
    selectIdentities(settings.tokenCredentials, IDENTITIES);
    const { format } = near;
    if (typeof format === "string" && findFormat(format) === undefined) faults.push(`there is no format ${format}`);
    return Promise.resolve();
  };
  const program = await wholeProgram({ host: fakeHost(), run });
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    // A sentence may speak of a command without its arguments.
    const isShort = isSpan && error instanceof CommanderError && error.code === "commander.missingArgument";
    if (!isHelp && !isShort) faults.push((error as Error).message);
  }
  return faults.find((fault) => fault !== undefined);
}

test("every use of mlflow-auth in a page is one that the program understands", async () => {
  const spans = PAGES.flatMap((path) =>
    [...read(path).replaceAll(/^[ \t]*```[\s\S]*?^[ \t]*```/gm, "").matchAll(/`([^`]+)`/g)].map(([, text = ""]) => ({
      path,
      line: 0,
      language: "",
      text,
    }))
  );
  const faults: string[] = [];
  let uses = 0;
  for (const { path, line, language, text } of [...BLOCKS, ...spans]) {
    for (const argv of usesOf(text)) {
      uses += 1;
      const fault = await refusalOf(argv, language === "");
      if (fault !== undefined) faults.push(`${path}:${line}  mlflow-auth ${argv.join(" ")}: ${fault}`);
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(uses > 60, `only ${uses} uses were found`);
});

test("refusalOf() refuses a command, an option, a format, an identity and a value that are not there", async () => {
  const wrong = ["serve", "exec --port 1 -- x", "export --format nosuch", "doctor --identity me", "info --auth-mode x"];
  const refusals = await Promise.all(wrong.map((line) => refusalOf(line.split(" "), false)));
  assert.deepEqual(refusals.filter((refusal) => refusal === undefined), []);
});

test("every block is in a language that has a parser, and every parser has blocks", () => {
  const known = new Set(PARSERS.map(({ language }) => language));
  // Scripts of PowerShell are the program's own: what it prints, and its installer.
  const languages = BLOCKS.map(({ language }) => language);
  assert.deepEqual(new Set([...languages, "powershell"]), known);
});

test("every line of a unit of systemd has its form", () => {
  const units = BLOCKS.filter(({ language }) => language === "ini");
  assert.notEqual(units.length, 0);
  const strange = units.flatMap(({ text }) => text.split("\n").filter((line) => !/^(?:|\[\w+\]|\w+=\S.*)$/.test(line)));
  assert.deepEqual(strange, []);
});

test("every link of a page leads to a file and a heading that are there", () => {
  const slug = (heading: string): string => heading.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-");
  const broken = PAGES.flatMap((path) =>
    [
      ...read(path).replaceAll(/^[ \t]*```[\s\S]*?^[ \t]*```/gm, "").matchAll(
        /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g,
      ),
    ]
      .filter(([, file = "", anchor]) => {
        const target = new URL(file === "" ? path.split("/").at(-1) ?? "" : file, new URL(path, ROOT));
        if (!existsSync(target)) return true;
        if (anchor === undefined) return false;
        const headings = [...readFileSync(target, "utf8").matchAll(/^#{1,6} (.*)$/gm)].map(([, text = ""]) =>
          slug(text)
        );
        return !headings.includes(anchor);
      }).map(([link]) => `${path}: ${link}`)
  );
  assert.deepEqual(broken, []);
});

test("docs/threat-model.md names a test that is there for each claim", () => {
  const section = sectionsOf(read("docs/threat-model.md")).find(([heading]) => heading === "What the program does");
  const rows = (section?.[1] ?? "").split("\n").filter((line) => line.startsWith("| ")).slice(2);
  const stale = rows.filter((row) => {
    const [, path = "", name = ""] = /\| `(tests\/[\w/.]+)`: "([^"]+)" +\|$/.exec(row) ?? [];
    return path === "" || !existsSync(new URL(path, ROOT)) || !read(path).includes(name);
  });
  assert.deepEqual(stale, []);
  assert.ok(rows.length > 20, `only ${rows.length} claims were found`);
});
