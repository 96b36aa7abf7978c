#!/bin/sh
# Under Deno, a child of node:child_process that catches SIGTERM and exits with 0 is reported as killed by SIGTERM.
#
# Program:   deno 2.9.6, of npm (the package deno, which brings the executable of this platform)
# Behaviour: After child.kill("SIGTERM") the event "exit" gives (null, "SIGTERM") whatever the child did with the signal: it reports
#            what was sent, not how the child ended. The same signal sent by process.kill(child.pid, "SIGTERM") is reported rightly.
#            So a test of an orderly stop that calls child.kill cannot see the status that the child ended with.
# Expected:  (0, null) both ways, as Node gives; a status of 0 and a death by a signal are different wait statuses.
# Seen:      deno, child.kill:    [null,"SIGTERM"]
#            deno, process.kill:  [0,null]
#            node, both:          [0,null]
#
# Needs node with npm, the npm registry, and a POSIX sh. Fails where the behaviour is another.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --no-audit --no-fund --silent deno@2.9.6
export NO_COLOR=1 DENO_NO_UPDATE_CHECK=1 DENO_DIR="$folder/deno"
deno=$folder/node_modules/.bin/deno

cat > stop.mjs <<'JS'
import { spawn } from "node:child_process";
import process from "node:process";
const orderly = "trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done";
const child = spawn("/bin/sh", ["-c", orderly], { stdio: ["ignore", "pipe", "inherit"] });
child.on("exit", (...how) => console.log(JSON.stringify(how)));
child.stdout.once("data", () => {
  if (process.argv[2] === "child.kill") child.kill("SIGTERM");
  else process.kill(child.pid, "SIGTERM");
});
JS

expect() { # the way to send it, what is to be seen, then the runtime
  way=$1 wanted=$2
  shift 2
  seen=$("$@" stop.mjs "$way")
  echo "$(basename "$1"), $way: $seen"
  [ "$seen" = "$wanted" ] || { echo "CHANGED"; exit 1; }
}

"$deno" --version | head -1
expect child.kill '[null,"SIGTERM"]' "$deno" run --no-config --no-lock --allow-all
expect process.kill '[0,null]' "$deno" run --no-config --no-lock --allow-all
expect child.kill '[0,null]' node
expect process.kill '[0,null]' node
echo "as described"
