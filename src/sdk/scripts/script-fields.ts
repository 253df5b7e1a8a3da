import { list, string, stringList, stringMap } from "../../spec/fields.ts";

/** Options of every provisioner that runs scripts: where they come from and what is in their environment. */
export const scriptFields = {
  inline: stringList("Commands, a line each, put together into one script."),
  script: string("Path of one script on this machine.", { path: "cwd" }),
  scripts: stringList("Paths of scripts on this machine, run in this order.", { path: "cwd" }),
  environment_vars: stringList("Environment variables for the scripts, each written `KEY=value`."),
  env: stringMap("Environment variables for the scripts; wins over `environment_vars`."),
  valid_exit_codes: list("Exit codes that mean success.", "integer", { default: [0] }),
};
