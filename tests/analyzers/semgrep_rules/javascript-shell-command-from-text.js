const { exec, execFile } = require("child_process");
const child_process = require("child_process");

function run(branch, pattern, done) {
  // ruleid: javascript-shell-command-from-text
  exec(`git checkout ${branch}`, done);
  // ruleid: javascript-shell-command-from-text
  child_process.execSync("git checkout " + branch);
  // ok: javascript-shell-command-from-text
  execFile("git", ["checkout", branch], done);
  // ok: javascript-shell-command-from-text
  exec("git status", done);
  // ok: javascript-shell-command-from-text
  pattern.exec(`x${branch}`);
}
