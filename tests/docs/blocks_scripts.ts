import { loadAll } from "js-yaml";
import type { Block } from "./blocks_of.ts";
import type { Need } from "./interpreters.ts";

/** What of a page is run, and as whom. */
export interface PageRun {
  /** Name of the page below `docs/deployment`. */
  readonly page: string;
  /** Words of `setScene()`. */
  readonly scene: readonly string[];
  /** What its script starts as `real`. */
  readonly needs?: Need;
  /** The script of its blocks, for a shell. */
  readonly script: (blocks: readonly Block[]) => string;
  /** Files that the script needs, by name. */
  readonly files?: (blocks: readonly Block[]) => Readonly<Record<string, string>>;
}

type Value = Readonly<Record<string, unknown>>;

const isValue = (value: unknown): value is Value =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function textOf(blocks: readonly Block[], language: string, holds = ""): string {
  const found = blocks.find((block) => block.language === language && block.text.includes(holds));
  if (found === undefined) throw new Error(`no block of ${language} holds "${holds}"`);
  return found.text;
}

/** The values of the first block of JSON or YAML that holds a text. */
const valuesOf = (blocks: readonly Block[], language: "json" | "yaml"): readonly unknown[] =>
  loadAll(textOf(blocks, language, "mlflow-auth"));

/** Every value inside of a value, itself first. */
function within(value: unknown): readonly unknown[] {
  const inner = Array.isArray(value) ? value : isValue(value) ? Object.values(value) : [];
  return [value, ...inner.flatMap(within)];
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Ids, secrets, places and people of a real installation; the scene has its own. */
const isStandIn = (value: string): boolean => /^0{8}-|\{\{|^\/(?:var\/)?run\/|^AzureCliCredential$/.test(value);

/** Lines that export the settings of a file, as maps or as pairs of name and value. */
function exportsOf(values: readonly unknown[]): string {
  const pairs = values.flatMap(within).filter(isValue).flatMap((value): readonly (readonly [string, unknown])[] =>
    typeof value["name"] === "string" ? [[value["name"], value["value"]]] : Object.entries(value)
  );
  return pairs.filter(([name, value]) =>
    /^(?:MLFLOW|AZURE)_[A-Z_]+$/.test(name) && typeof value === "string" && !isStandIn(value)
  ).map(([name, value]) => `export ${name}=${quote(String(value))}\n`).join("");
}

/** The first command of a file that starts the program, with its settings. */
function commandOf(values: readonly unknown[]): string {
  for (const value of values.flatMap(within).filter(isValue)) {
    const words = [value["command"] ?? value["argv"] ?? [], value["args"] ?? []].flat();
    if (/(?:^|\/)mlflow-auth$/.test(String(words[0])) && words[1] === "exec") {
      return exportsOf(values) + words.map((word) => quote(String(word))).join(" ");
    }
  }
  throw new Error("no command starts mlflow-auth exec");
}

/** The script below a key of a file, with its settings. */
function scriptBelow(values: readonly unknown[], key: string): string {
  const found = values.flatMap(within).filter(isValue).map((value) => value[key])
    .find((script) => String(script).includes("mlflow-auth exec"));
  const script = Array.isArray(found) ? found.join("\n") : String(found);
  return `${exportsOf(values)}${script}`;
}

const container = (page: string, scene: string): PageRun => ({
  page,
  scene: [scene],
  script: (blocks) => commandOf(valuesOf(blocks, "yaml")),
});

/** A cell or a script's beginning, before the training itself, with the settings that its page's files give to it. */
const python = (page: string, given: (files: readonly unknown[]) => string): PageRun => ({
  page,
  scene: ["azure"],
  needs: "python",
  files: (blocks) => ({
    "cell.py": `${textOf(blocks, "python").split("\nimport mlflow\n")[0]}\nos.execvp("python", ["python"])\n`,
  }),
  script: (blocks) => {
    const files = blocks.filter(({ language }) => language === "json").flatMap(({ text }) => loadAll(text));
    return `${given(files)}export MLFLOW_TRACKING_URI=databricks MLFLOW_TRACKING_PASSWORD=old\nreal cell.py`;
  },
});

/** The pod of the pipeline's step, as the cluster would start it: with the webhook's variables where it has the label. */
const POD = `
import os, yaml
with open("pipeline.yaml") as file:
    [pipeline, platform] = yaml.safe_load_all(file)
container = pipeline["deploymentSpec"]["executors"]["exec-train"]["container"]
labels = platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]["exec-train"]["podMetadata"]["labels"]
if labels != {"azure.workload.identity/use": "true"}:
    del os.environ["AZURE_FEDERATED_TOKEN_FILE"]
os.environ.update({each["name"]: each["value"] for each in container["env"]})
os.execvp(container["command"][0], container["command"])
`;

/** What R's session goes on with. */
const R_GOES_ON = 'quit(status = system2("python"))\n';

/** Every page whose file can run here: all but Terraform's, which Azure alone can run, and that of Windows. */
export const PAGE_RUNS: readonly PageRun[] = [
  { page: "vm", scene: ["imds"], script: (blocks) => textOf(blocks, "sh", "#!/bin/sh") },
  {
    page: "app-service",
    scene: ["app-service"],
    script: (blocks) => exportsOf(loadAll(textOf(blocks, "json"))) + textOf(blocks, "sh", "#!/bin/sh"),
  },
  {
    page: "functions",
    scene: ["app-service"],
    script: (blocks) => {
      const words = /^CMD (.*)$/m.exec(textOf(blocks, "dockerfile"))?.[1] ?? "[]";
      return commandOf([{ command: JSON.parse(words) }, ...loadAll(textOf(blocks, "json"))]);
    },
  },
  container("container-apps", "app-service-user-assigned"),
  container("aci", "imds-user-assigned"),
  container("aks", "workload-identity"),
  container("kubernetes", "workload-identity"),
  {
    page: "azure-ml",
    scene: ["azure-ml"],
    script: (blocks) => `export MLFLOW_RUN_ID=x\n${scriptBelow(valuesOf(blocks, "yaml"), "command")}`,
  },
  python("databricks", exportsOf),
  { page: "slurm-torchrun", scene: ["certificate"], script: (blocks) => textOf(blocks, "bash") },
  ...["mpi", "ray", "dask", "spark", "grid-engine"].map((page): PageRun => ({
    page,
    scene: ["certificate"],
    script: (blocks) => textOf(blocks, "bash"),
  })),
  {
    page: "docker",
    scene: ["certificate"],
    files: (blocks) => ({ "train.env": textOf(blocks, "sh", "MLFLOW_TRACKING_URI=") }),
    script: (blocks) => textOf(blocks, "sh", "docker run"),
  },
  container("docker", "certificate"),
  {
    page: "airflow",
    scene: ["imds"],
    needs: "airflow",
    files: (blocks) => ({ "dags/train.py": textOf(blocks, "python").replace("/opt/train", ".") }),
    script: () => `
export AIRFLOW_HOME=$PWD/airflow AIRFLOW__CORE__DAGS_FOLDER=$PWD/dags AIRFLOW__CORE__LOAD_EXAMPLES=False
export AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False
real -m airflow db migrate > migrate.log 2>&1 || cat migrate.log
real -m airflow dags test train > task.log 2>&1 || cat task.log
grep -ao "training at https://mlflow.example.com" task.log || cat task.log`,
  },
  {
    page: "kubeflow",
    scene: ["workload-identity"],
    needs: "kubeflow",
    files: (blocks) => ({ "pipeline.py": textOf(blocks, "python"), "pod.py": POD }),
    script: () => "real pipeline.py\nreal pod.py",
  },
  { page: "r", scene: ["azure"], script: (blocks) => textOf(blocks, "bash").replace(/^export AZURE_.*$/m, "") },
  {
    page: "r",
    scene: ["azure"],
    needs: "R",
    files: (blocks) => ({ "session.R": textOf(blocks, "r") + R_GOES_ON }),
    script: () => "export MLFLOW_TRACKING_PASSWORD=old\nreal --vanilla session.R",
  },
  { page: "jupyter", scene: ["azure"], script: (blocks) => commandOf(valuesOf(blocks, "json")) },
  python("jupyter", () => ""),
  { page: "vs-code", scene: ["azure"], script: (blocks) => commandOf(valuesOf(blocks, "json")) },
  {
    page: "cron-systemd",
    scene: ["imds"],
    files: (blocks) => ({ "train.env": textOf(blocks, "sh", "MLFLOW_TRACKING_URI=") }),
    script: (blocks) => textOf(blocks, "crontab").split(" ").slice(6).join(" "),
  },
  {
    page: "github-actions",
    scene: ["github"],
    script: (blocks) => scriptBelow(valuesOf(blocks, "yaml"), "run"),
  },
  {
    page: "gitlab",
    scene: ["workload-identity"],
    script: (blocks) =>
      `export GITLAB_OIDC_TOKEN="$(cat "$AZURE_FEDERATED_TOKEN_FILE")"\nunset AZURE_FEDERATED_TOKEN_FILE\n${
        scriptBelow(valuesOf(blocks, "yaml"), "script")
      }`,
  },
  {
    page: "azure-pipelines",
    scene: ["pipelines"],
    script: (blocks) => scriptBelow(valuesOf(blocks, "yaml"), "inlineScript"),
  },
  {
    page: "environments",
    scene: ["imds"],
    files: (blocks) => ({
      "with-env": textOf(blocks, "sh", "#!/bin/sh"),
      "env/common.env": textOf(blocks, "sh", "SECRET_NAME"),
      "env/prod.env": textOf(blocks, "sh", "ml-prod").replace("ml-prod", "ml-team"),
    }),
    script: () =>
      `chmod 755 with-env
# What stands in a file alone must not reach the command.
exec ./with-env prod sh -c '[ -z "\${AZURE_TOKEN_CREDENTIALS+x}" ] && exec python train.py'`,
  },
];
