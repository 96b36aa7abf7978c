import { chooseIdentity } from "../../azure/sign_in/choose_identity.ts";
import type { Build } from "../../core/host.ts";
import { CREDENTIAL_VARIABLES } from "../../credential/apply.ts";
import { proxyIn } from "../../credential/proxied.ts";
import { showPath } from "../../core/shown.ts";
import { describeSource, showSetting } from "../../core/settings/read_settings.ts";
import { ignoredVariables } from "../../core/ignored_variables.ts";
import { type SettingKey, SETTINGS } from "../../core/settings/settings.ts";
import { remedyFor } from "../../core/settings/windows_remedy.ts";
import { wrapText } from "../../core/wrap.ts";
import { FORMATS } from "../../shell/formats/formats.ts";
import type { CacheState } from "../../credential/cache/state.ts";
import { print, tell } from "../output.ts";
import { asAuthError, errorLook, formatError, hasColours } from "../print_error.ts";
import type { Session } from "../session.ts";
import { makeCommand } from "./command.ts";

/** What `info --json` prints; `schemaVersion` grows when a member changes its meaning or goes. */
export interface Info {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly build: Omit<Build, "commit"> & { readonly commit: string | null };
  readonly settings: readonly { readonly name: string; readonly value: string | null; readonly source: string }[];
  readonly identity: {
    readonly name: string | null;
    readonly passedOver: readonly { readonly name: string; readonly reason: string }[];
    /** One that would be used in its place if a service answers that was not asked. */
    readonly unasked: string | null;
  };
  readonly cache: {
    readonly mode: "off" | "keyring";
    readonly state: CacheState["is"];
    readonly ageSeconds: number | null;
    readonly leftSeconds: number | null;
    readonly text: string;
  };
  /** The proxy of ours that the environment leads to; `null` where the tracking server is none. */
  readonly proxy: { readonly uri: string } | null;
  readonly formats: readonly string[];
  /** Variables that are set and have no effect on the program. */
  readonly ignored: readonly string[];
  readonly problems: readonly { readonly code: string; readonly message: string; readonly remedy: string }[];
}

/** `info`, which prints the version and every setting with its source, and asks nobody. */
export const INFO = makeCommand({
  description: "Print the version and every setting with its source. Asks nobody, shows no secret.",
  options: [{ flag: "--json", doc: "print it as JSON" }],
  takesSettings: true,
  run: async (session, { options, host }) => {
    const info = await gatherInfo(session);
    const { stdout, env } = host;
    const look = { colours: hasColours(stdout, env), columns: stdout.isTerminal() ? stdout.columns() : undefined };
    await print(host, options.json === true ? `${JSON.stringify(info, null, 2)}\n` : formatInfo(info, look));
    for (const problem of options.json === true ? [] : session.problems) {
      await tell(host, formatError(problem, errorLook(host)));
    }
    return session.problems.length === 0 ? 0 : 1;
  },
});

async function gatherInfo(session: Session): Promise<Info> {
  const { settings, host } = session;
  const problems = [...session.problems];
  let identity: Info["identity"] = { name: null, passedOver: [], unasked: null };
  try {
    const choice = await chooseIdentity(settings, host, { mayAsk: false });
    const { identity: { name }, passedOver, unasked = null } = choice;
    identity = { name, passedOver, unasked };
  } catch (thrown) {
    problems.push(asAuthError(thrown));
  }
  return {
    schemaVersion: 1,
    version: (await import("../version.ts")).VERSION,
    build: { ...host.build, commit: host.build.commit ?? null },
    settings: [
      ...SETTINGS.map((row) => ({
        name: row.names[0],
        value: showSetting(row.key, settings) ?? null,
        source: describeSource(settings[row.key].source),
      })),
      ...clientRows(session),
    ],
    identity,
    cache: await cacheInfo(session),
    proxy: proxyOf(session),
    formats: FORMATS.map((format) => format.name),
    ignored: ignoredVariables(host.env),
    problems: problems.map(({ code, message, remedy }) => ({
      code,
      message,
      remedy: remedyFor(remedy, host.platform),
    })),
  };
}

/** MLflow's own variables of env files: what is in them is the command's affair, and may be a secret. */
function clientRows({ clientVariables, sources }: Session): Info["settings"] {
  const known = new Set(SETTINGS.flatMap((row): readonly string[] => row.names));
  return Object.keys(clientVariables).filter((name) => !known.has(name)).map((name) => {
    const path = sources.files?.findLast(({ variables }) => variables[name] !== undefined)?.path ?? "";
    const value = CREDENTIAL_VARIABLES.includes(name) ? "[the credential takes its place]" : "[given to the command]";
    return { name, value, source: describeSource({ from: "file", name, path: showPath(path) }) };
  });
}

async function cacheInfo({ settings, host }: Session): Promise<Info["cache"]> {
  const { cacheState, describeCache } = await import("../../credential/cache/state.ts");
  // An identity that is configured by halves is told as a problem already.
  const state = await cacheState(settings, host).catch((): CacheState => ({ is: "unused" }));
  const [ageSeconds, leftSeconds] = state.is === "kept" ? [state.ageSec, state.leftSec] : [null, null];
  return { mode: settings.cache.value, state: state.is, ageSeconds, leftSeconds, text: describeCache(state) };
}

/** Whether it runs is doctor's affair, which asks. */
function proxyOf({ host }: Session): Info["proxy"] {
  const proxy = proxyIn(host.env);
  return proxy === undefined ? null : { uri: proxy.uri };
}

/** What stands above the rows from one setting on. */
const TITLES: Readonly<Partial<Record<SettingKey, string>>> = {
  vaultUrl: "Secret",
  cloud: "Who you are to Azure",
  enable: "Who may get the credential",
  logLevel: "Log, certificates and proxies",
  trackingUri: "Tracking server",
};

interface Group {
  readonly title: string;
  readonly rows: Info["settings"];
}

function groupsOf(rows: Info["settings"]): readonly Group[] {
  const starts = SETTINGS.flatMap(({ key }, at) => TITLES[key] === undefined ? [] : [{ title: TITLES[key], at }]);
  const groups = [...starts, { title: "Given to the command", at: SETTINGS.length }];
  return groups.map(({ title, at }, index) => ({ title, rows: rows.slice(at, groups[index + 1]?.at) }))
    .filter((group) => group.rows.length > 0);
}

/** Where a value is from, and the option that would win over it. */
function originOf({ name, value, source }: Info["settings"][number]): string {
  const flag = SETTINGS.find(({ names }) => names[0] === name)?.flag;
  const from = value === null ? "" : source.replace(new RegExp(` ${name}$`), "");
  return flag === undefined || from.startsWith("option ") ? from : `${from}${from === "" ? "" : ", "}or ${flag}`;
}

function formatInfo(info: Info, look: { readonly colours: boolean; readonly columns?: number | undefined }): string {
  const { runtime, runtimeVersion, target, compiled, commit } = info.build;
  const paint = (code: number, text: string): string => look.colours ? `\x1b[${code}m${text}\x1b[0m` : text;
  const widest = (texts: readonly string[], most: number): number =>
    Math.max(...texts.map(({ length }) => Math.min(length, most)));
  const table = groupsOf(info.settings).flatMap(({ title, rows }) => {
    const indent = widest(rows.map(({ name }) => name), 44) + 2;
    const width = widest(rows.map(({ value }) => value ?? "-"), 12);
    const lines = rows.map((row) => {
      const text = `${row.name.padEnd(indent - 2)}  ${(row.value ?? "-").padEnd(width)}  ${originOf(row)}`.trimEnd();
      const wrapped = wrapText(text, { columns: look.columns, indent });
      return row.value === null ? paint(2, wrapped) : wrapped;
    });
    return ["", paint(1, title), ...lines];
  });
  const { name, unasked } = info.identity;
  const first = unasked === null ? "" : `, unless the metadata service answers, which was not asked: ${unasked}`;
  const who = name === null ? info.problems.at(-1)?.message ?? "none" : `${name}${first}`;
  const rest = [
    `identity: ${who}`,
    `cache:    ${info.cache.text}`,
    ...(info.proxy === null ? [] : [`proxy:    ${info.proxy.uri}, of mlflow-auth`]),
    `formats:  ${info.formats.join(" ")}`,
    ...(info.ignored.length === 0 ? [] : [`ignored:  ${info.ignored.join(" ")}`]),
  ];
  const build = `mlflow-auth ${info.version} (${runtime} ${runtimeVersion}, ${target}${
    compiled ? "" : ", from source"
  }${commit === null ? "" : `, commit ${commit}`})`;
  const wrap = (line: string): string => wrapText(line, { columns: look.columns, indent: 10 });
  return [wrap(build), ...table, "", ...rest.map(wrap), ""].join("\n");
}
